"""What each figure of progress means: one source, in both languages, for everybody who shows one.

The API's documents, the page that explains the figures and the exported table quote it, so that a
figure and its meaning cannot part.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. name, meaning: by language. unit: by language, empty for a count or a share.

    group: sessions, dose, body, feeling or diet; scope: what a reader needs beside see_sessions.
    """

    group: str
    name: Mapping[str, str]
    meaning: Mapping[str, str]
    unit: str = ""
    scope: str = ""


GROUPS: Mapping[str, Mapping[str, str]] = {
    "sessions": {"zh-Hans": "次数与完成情况", "en": "Sessions and adherence"},
    "dose": {"zh-Hans": "做了多少", "en": "Dose"},
    "feeling": {"zh-Hans": "疼痛、用力与皮肤", "en": "Pain, effort and skin"},
    "body": {"zh-Hans": "测量与评定", "en": "Measurements and assessments"},
    "diet": {"zh-Hans": "体重与蛋白质", "en": "Weight and protein"},
}


def _of(
    group: str, zh: str, en: str, meaning_zh: str, meaning_en: str, unit: str = "", scope: str = ""
) -> Definition:
    return Definition(
        group,
        {"zh-Hans": zh, "en": en},
        {"zh-Hans": meaning_zh, "en": meaning_en},
        unit,
        scope,
    )


DEFINITIONS: Mapping[str, Definition] = {
    "due": _of(
        "sessions", "应做", "Due",
        "时间窗已过、或已有记录的次数。暂停和取消的不算；还来得及做的另算作“等待中”。",
        "Occurrences whose window has closed or that are resolved. Paused and cancelled ones"
        " are not due; one that can still be done is counted as waiting.",
    ),
    "waiting": _of(
        "sessions", "等待中", "Waiting",
        "时间窗还开着、还没有任何记录的次数。",
        "Occurrences whose window is open and that nothing has resolved yet.",
    ),
    "done": _of(
        "sessions", "已完成", "Done",
        "每个没有暂停的部位都达到计划剂量的次数。",
        "Occurrences whose every unpaused part reached the prescribed dose.",
    ),
    "partial": _of(
        "sessions", "部分完成", "Partial",
        "只有一部分达到计划剂量的次数。",
        "Occurrences of which only some reached the prescribed dose.",
    ),
    "missed": _of(
        "sessions", "没有做", "Missed",
        "应做、时间窗已过、没有任何记录。每次查看时重新得出，从不保存。",
        "Due, window past, nothing logged. Derived at every read, never stored.",
    ),
    "skipped": _of(
        "sessions", "说明原因后跳过", "Skipped",
        "应做而没做，但有人写了原因。不算作“没有做”。",
        "Due, not done, and somebody gave the reason. Not counted as missed.",
    ),
    "fulfilled": _of(
        "sessions", "完成数", "Fulfilled",
        "已完成的次数，最多等于应做数：多做的不能弥补漏做的。",
        "Done, never more than due: sessions beyond what was due cannot make up for missed ones.",
    ),
    "extra": _of(
        "sessions", "额外", "Extra",
        "应做之外的训练：记录下来，但不算完成。",
        "Sessions beyond what was due, recorded but not counted as fulfilled.",
    ),
    "over_maximum": _of(
        "sessions", "超过次数上限", "Over the maximum of sessions",
        "超过计划规定的每天或每周次数上限的训练。",
        "Sessions beyond the plan's maximum of sessions per day or week.",
    ),
    "above_part_maximum": _of(
        "sessions", "超过剂量或角度上限", "Above a part's maximum",
        "有某个部位的数值（角度、强度、时长等）高于计划上限的训练。",
        "Sessions in which some value of a part (angle, amplitude, minutes ...) was above the"
        " plan's maximum for it.",
    ),
    "while_paused": _of(
        "sessions", "暂停期间做的", "While paused",
        "项目暂停期间仍做了的训练：作为事实保留，不算应做，也不算完成。",
        "Sessions done although the item was paused: kept as facts, neither due nor fulfilled.",
    ),
    "recalled": _of(
        "sessions", "事后回忆", "Recalled",
        "已完成的次数中，凭记忆补写的。",
        "Done occurrences that were written down from memory.",
    ),
    "recalled_partial": _of(
        "sessions", "事后回忆（部分完成）", "Recalled, partial",
        "部分完成的次数中，凭记忆补写的。",
        "Partial occurrences that were written down from memory.",
    ),
    "adherence": _of(
        "sessions", "完成率", "Adherence",
        "完成数除以应做数，0 到 1；没有应做的就没有完成率。",
        "Fulfilled divided by due, 0 to 1; null when nothing was due.",
    ),
    "adherence_without_recalled": _of(
        "sessions", "完成率（不含回忆）", "Adherence without recalled",
        "同上，但不计凭记忆补写的。",
        "The same without what was written down from memory.",
    ),
    "adherence_with_partial": _of(
        "sessions", "完成率（含部分完成）", "Adherence with partial",
        "完成数加部分完成数，除以应做数，0 到 1；没有应做的就没有。",
        "Fulfilled and partial ones divided by due, 0 to 1; null when nothing was due.",
    ),
    "adherence_with_partial_without_recalled": _of(
        "sessions", "完成率（含部分完成，不含回忆）", "Adherence with partial, without recalled",
        "同上，但不计凭记忆补写的。",
        "That with partial ones, without what was written down from memory.",
    ),
    "sessions": _of(
        "sessions", "训练次数", "Sessions",
        "有记录、确实做了一些的训练，包括部分完成和额外的；同一次训练被记两遍只算一次。",
        "Recorded sessions in which something was done, partial and extra ones too; one that was"
        " told twice counts once.",
    ),
    "days_since_last": _of(
        "sessions", "距上次的天数", "Days since the last",
        "从该项目最近一次训练（含部分完成和额外的）到今天的天数，按该项目所在时区；没有做过就没有。",
        "Days from the last session of the item, partial and extra ones too, to today in the"
        " item's zone; null when there was none.",
        "d",
    ),
    "minutes": _of(
        "dose", "时长", "Minutes",
        "记录下来的分钟数之和。整次训练写了时长就用它，否则用各部位（通道）中最长的。按计划完成"
        "而没写时长的不计：没有记录不等于计划值。两类电刺激混在一起时没有合计。",
        "Sum of the minutes that were told. A session counts with its own minutes, else with the"
        " longest of its parts (channels run side by side). What was logged as planned tells none:"
        " not recorded is never taken for the prescribed. Null where nobody told any, and over"
        " versions that stimulate in two different ways.",
        "min",
    ),
    "sessions_with_minutes": _of(
        "dose", "写了时长的次数", "Sessions with minutes",
        "写下了分钟数的训练次数；其余的没有记录时长。",
        "Sessions whose minutes were told; of the others the minutes are not recorded.",
    ),
    "minutes_prescribed": _of(
        "dose", "计划时长", "Prescribed minutes",
        "应做次数乘以计划中一次的分钟数；计划没写分钟数就没有。",
        "Due times the minutes that the plan asks of one session; null where it asks for none.",
        "min",
    ),
    "minutes_share": _of(
        "dose", "达到计划时长的比例", "Share of planned minutes",
        "在写了时长的训练中：分钟数除以计划分钟数。可以大于 1。",
        "In the sessions whose minutes were told: those minutes divided by the prescribed ones. It"
        " may be above 1.",
    ),
    "repetitions": _of(
        "dose", "次数合计", "Repetitions",
        "各部位写下的次数之和；写了组数就乘以组数。",
        "Sum of the repetitions told of each part, times the sets where sets were told.",
    ),
    "repetitions_share": _of(
        "dose", "达到计划次数的比例", "Share of planned repetitions",
        "在写了次数的部位中：次数除以计划次数（乘以组数）。可以大于 1。",
        "Of the parts whose repetitions were told: those divided by the prescribed ones (times the"
        " sets). It may be above 1.",
    ),
    "pain_max": _of(
        "feeling", "最高疼痛", "Highest pain",
        "记录的最高疼痛分（0–10）；没人记录就没有。0 分也是回答。",
        "Highest pain score recorded (0-10); null when none was. Zero is an answer.",
        "0-10",
    ),
    "pain_mean": _of(
        "feeling", "平均疼痛", "Mean pain",
        "记录的疼痛分的平均，按次计；没人记录就没有。只作概览，不据此判断。",
        "Mean of the recorded pain scores (0-10), by sessions; null when none was. For an overview,"
        " nothing is judged by it.",
        "0-10",
    ),
    "pain_unfelt": _of(
        "feeling", "“这里没有感觉”", "Cannot feel here",
        "回答“这里没有感觉”的次数；这不是 0 分。",
        'Sessions with the answer "cannot feel here", which is not a score of 0.',
    ),
    "effort_max": _of(
        "feeling", "最高用力程度", "Highest effort",
        "记录的最高用力程度（自编词语 0–10）；没人记录就没有。",
        "Highest effort recorded (our own words, 0-10); null when none was.",
        "0-10",
    ),
    "effort_mean": _of(
        "feeling", "平均用力程度", "Mean effort",
        "记录的用力程度的平均，按次计；只作概览，不据此判断。",
        "Mean of the recorded effort (0-10), by sessions; for an overview, nothing is judged by"
        " it.",
        "0-10",
    ),
    "skin_looked": _of(
        "feeling", "看过皮肤的次数", "Skin looked at",
        "有人看了皮肤并写下结果的训练。没看的不算正常。",
        "Sessions in which somebody looked at the skin and said how it was. Not looked is not"
        " fine.",
    ),
    "skin_found": _of(
        "feeling", "皮肤有异常的次数", "Skin not fine",
        "皮肤发红、水疱、烫伤、破损、不消退的变色或发黑的训练。",
        "Sessions in which the skin was red, blistered, burnt, broken, open, black or changed"
        " without fading.",
    ),
    "lowest": _of(
        "body", "最低值", "Lowest",
        "这段时间里记录的最低值。",
        "The lowest value told in these days.",
    ),
    "highest": _of(
        "body", "最高值", "Highest",
        "这段时间里记录的最高值。",
        "The highest value told in these days.",
    ),
    "mean": _of(
        "body", "平均值", "Mean",
        "记录的值的平均。分级和 0–10 分没有平均值。",
        "Mean of the values told. Grades and scores of 0-10 have none.",
    ),
    "last": _of(
        "body", "最近值", "Last",
        "这段时间里最后一次记录的值。",
        "The value told last in these days.",
    ),
    "total": _of(
        "body", "合计", "Total",
        "可以相加的量（次数、分钟、米等）之和。",
        "Sum, of what can be added up: repetitions, minutes, metres.",
    ),
    "prescribed": _of(
        "body", "计划值", "Prescribed",
        "当时那一版计划写的值；计划没写就没有。",
        "What the version of the plan in force asked for; null where it asked for none.",
    ),
    "maximum": _of(
        "body", "计划上限", "Maximum",
        "当时那一版计划写的上限；计划没写就没有。",
        "The maximum of the version of the plan in force; null where it has none.",
    ),
    "angle": _of(
        "body", "关节角度", "Range of motion",
        "起始角度和终末角度，按部位和左右分开。用量角器或手机量的、目测的、没说怎么得来的各成一条，"
        "从不混在一起；到达的位置（下巴、眼睛……）和“少、一样、多”只计次数，不换算成角度。",
        "Start and end angle by joint, motion and side. What was measured (goniometer or phone),"
        " estimated by eye, and told without saying how are series of their own and never mixed;"
        " landmarks and less, same, more are counted and never turned into degrees.",
        "°",
    ),
    "angle_change": _of(
        "body", "角度变化", "Change of an angle",
        "这段时间里最后一次与第一次测量值之差。小于 5 度是测量误差，只说“没有明确变化”。"
        "目测的和没说怎么得来的不作判断。",
        "The last measured value less the first. Under 5 degrees lies within the error of"
        " measuring: no clear change. What was estimated or not said how is not judged.",
        "°",
    ),
    "stimulation": _of(
        "dose", "电刺激", "Stimulation",
        "强度、脉宽、频率和分钟数，只计有人写下的。神经完整的（微秒）和失神经的（毫秒）两类从不"
        "放进同一条数据；每条都写明是哪一类。",
        "Amplitude, pulse width, frequency and minutes as they were told. The two kinds, through an"
        " intact nerve (µs) and of denervated muscle (ms), never share a series; each series names"
        " its kind (physics).",
    ),
    "spasm": _of(
        "body", "痉挛", "Spasm",
        "训练中每种回答（没有、短暂、做不下去）的次数。",
        "How often each answer (none, brief, stopped the movement) was given in sessions.",
    ),
    "from_baseline": _of(
        "body", "与本人基线之差", "Change from the own baseline",
        "血压或脉搏减去档案中此人自己的平时值，不与一般人比较。没有记录平时值就没有。",
        "Pressure or pulse less the person's own usual value of the clinical profile, never an"
        " average person's; null where no usual value is recorded.",
        "mmHg, /min",
        "see_conditions",
    ),
    "assessments": _of(
        "body", "评定", "Assessments",
        "量表和测量（肌力、握力、周径、骨密度、痉挛、步速……）的每一次结果。同一部位、同样条件才比较。",
        "Each result of an instrument (strength, grip, girth, bone density, spasm, gait ...). Only"
        " the same place of the body under the same conditions is compared.",
        "",
        "see_conditions",
    ),
    "median": _of(
        "body", "中位数", "Median",
        "分级量表在这段时间里居中的一级（偶数个时取较低的一级）。分级从不求平均。",
        "Of an ordinal scale: the middle grade of these days, the lower one of two. Grades are"
        " never averaged.",
        "",
        "see_conditions",
    ),
    "change": _of(
        "body", "评定的变化", "Change of a score",
        "最近一次与这段时间之前的最后一次（没有就与其中第一次）相比，对照研究所说的有意义变化；"
        "在测量误差以内只说“没有明确变化”。",
        "The last result against the last one before these days, else the first in them, held"
        " against the changes that studies call meaningful; within the error of measuring: no"
        " clear change.",
        "",
        "see_conditions",
    ),
    "weight": _of(
        "diet", "体重", "Weight",
        "记录的体重；变化是最后一次减去第一次（之前有记录就与之前的最后一次比）。",
        "Weights as told. The change is the last less the last one before these days, else less"
        " the first in them.",
        "kg",
        "see_diet",
    ),
    "protein_mean": _of(
        "diet", "每天蛋白质", "Protein a day",
        "写了蛋白质的那些天里，一天合计的平均。没写的餐次不估算，所以是下限。",
        "Mean of the daily sums over the days on which any protein was told. A meal without a"
        " figure adds nothing, so it is a lower bound.",
        "g",
        "see_diet",
    ),
    "protein_days": _of(
        "diet", "写了蛋白质的天数", "Days with protein",
        "写了蛋白质的天数；其中有餐次没写的天数另外列出。",
        "Days on which any protein was told; how many of them have meals without a figure stands"
        " beside it.",
        "d",
        "see_diet",
    ),
    "protein_target": _of(
        "diet", "蛋白质目标", "Protein target",
        "当时由营养师或医生定下的每天克数，连同是谁定的；系统从不自己计算目标。",
        "Grams a day that a person set, in force at that time, with who set it; no target is ever"
        " computed.",
        "g",
        "see_diet",
    ),
    "protein_share": _of(
        "diet", "达到蛋白质目标的比例", "Share of the protein target",
        "每天蛋白质除以目标；没有以克定下的目标就没有。",
        "Protein a day divided by the target; null where no target in grams was set.",
        "",
        "see_diet",
    ),
    "marks": _of(
        "sessions", "计划变动", "Changes of the plan",
        "新的一版、暂停、恢复的时刻和写下的理由。旧的几周仍按当时那一版计算，从不重算。",
        "When a version came into force and when something was paused or resumed, with the words"
        " written then. Earlier weeks stay counted by the version of their time.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedFigure:
    """One figure in one language. scope: what a reader needs beside see_sessions, or empty."""

    code: str
    group: str
    group_name: str
    name: str
    unit: str
    meaning: str
    scope: str


def definitions_in(language: str) -> list[DefinedFigure]:
    """Return every figure with its meaning in zh-Hans or en, group by group."""
    return [
        DefinedFigure(
            code=code,
            group=group,
            group_name=names[language],
            name=each.name[language],
            unit=each.unit,
            meaning=each.meaning[language],
            scope=each.scope,
        )
        for group, names in GROUPS.items()
        for code, each in DEFINITIONS.items()
        if each.group == group
    ]
