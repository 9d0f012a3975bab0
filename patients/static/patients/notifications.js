"use strict";
// Notifications on this device: signs the browser up with its push service, and tells us where to
// send. Every sentence stands in the page; this only shows and hides them.
(() => {
  const part = document.getElementById("this-device");
  const points = part.dataset.points;
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  const showState = (state) => {
    for (const each of part.querySelectorAll("[data-state]")) each.hidden = each.dataset.state !== state;
  };
  const say = (word) => {
    for (const each of part.querySelectorAll("[data-said]")) each.hidden = each.dataset.said !== word;
  };

  const call = async (method, address, body) => {
    const token = part.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(address, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  };

  const keyBytes = () => {
    const text = part.dataset.key.replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  };

  const worker = async () => {
    await navigator.serviceWorker.register("/sw.js");
    return navigator.serviceWorker.ready;
  };

  // The contact point of this device, if it is signed up and we know of it.
  const ownPoint = async () => {
    const registration = await navigator.serviceWorker.getRegistration("/");
    const subscription = registration && (await registration.pushManager.getSubscription());
    if (!subscription) return null;
    const known = await call("GET", points);
    return known.find((each) => each.channel === "push" && each.address === subscription.endpoint) ?? null;
  };

  const refresh = async () => {
    if (!able) return showState("unsupported");
    if (Notification.permission === "denied") return showState("blocked");
    return showState((await ownPoint()) ? "on" : "off");
  };

  const actions = {
    "turn-on": async () => {
      if ((await Notification.requestPermission()) !== "granted") return;
      const manager = (await worker()).pushManager;
      // What is left of an earlier sign-up may belong to an older key.
      await (await manager.getSubscription())?.unsubscribe();
      const subscription = await manager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: keyBytes(),
      });
      await call("POST", points, { channel: "push", address: JSON.stringify(subscription) });
    },
    "turn-off": async () => {
      const point = await ownPoint();
      const registration = await navigator.serviceWorker.getRegistration("/");
      await (await registration?.pushManager.getSubscription())?.unsubscribe();
      if (point) await call("DELETE", `${points}/${point.id}`);
    },
    test: async () => {
      const point = await ownPoint();
      const told = point && (await call("POST", `${points}/${point.id}/test`));
      say(told && told.sent ? "sent" : "failed");
    },
  };

  part.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    button.disabled = true;
    say("");
    try {
      await actions[button.dataset.do]();
    } catch {
      say("failed");
    } finally {
      button.disabled = false;
      await refresh();
    }
  });

  refresh().catch(() => showState("off"));
})();
