{% load static %}"use strict";
// The service worker: shows a notification when one is pushed, and opens the page that it leads to.
// It keeps nothing: no page, no answer, no word about anybody.

// Shown when a message cannot be read: a browser that gets a push must show something.
const UNREAD = { title: "今天的清单 · Today's list", body: "请打开看一看。 Please have a look." };

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const said = read(event.data);
  event.waitUntil(show(said).then(() => confirm(said.receipt)));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.link));
});

function read(data) {
  try {
    const said = data.json();
    return typeof said.title === "string" && typeof said.body === "string" ? said : UNREAD;
  } catch {
    return UNREAD;
  }
}

function show(said) {
  // The same tag: a message that repeats another takes its place.
  return self.registration.showNotification(said.title, {
    body: said.body,
    lang: said.lang,
    tag: said.tag,
    renotify: Boolean(said.alert && said.tag),
    requireInteraction: Boolean(said.alert),
    data: { link: said.link },
    icon: "{% static "shell/icon-192.png" %}",
  });
}

// Says that the message was shown; without it the next address of this person is told.
async function confirm(receipt) {
  if (typeof receipt !== "string" || !receipt.startsWith("/received/")) {
    return;
  }
  const address = new URL(receipt, self.location.origin);
  await fetch(address, { method: "POST", credentials: "omit", keepalive: true }).catch(() => {});
}

async function open(link) {
  const address = own(link);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((each) => "navigate" in each);
  if (page) {
    await page.focus();
    return page.navigate(address).catch(() => self.clients.openWindow(address));
  }
  return self.clients.openWindow(address);
}

// Only a page of ours is ever opened.
function own(link) {
  try {
    const address = new URL(link, self.location.origin);
    return address.origin === self.location.origin ? address.href : `${self.location.origin}/`;
  } catch {
    return `${self.location.origin}/`;
  }
}
