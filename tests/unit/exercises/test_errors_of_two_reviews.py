"""The patterns find wrong statements in other words too, and leave the right ones alone."""

import re

import pytest

from exercises.sheets.library import read_shelf
from exercises.sheets.reading import CONTENT

LEFT_BEHIND = {
    code: placed.item.patterns for code, placed in read_shelf(CONTENT, "left_behind").items()
}

WRONG = [
    ("denervated_1_annexin", "stained with Armexin"),
    ("denervated_2_bcl", "Bc1-2 表达较低"),
    ("denervated_3_bcl_cause", "The Bcl-2 gene causes cell death."),
    ("denervated_5_ion_pumps", "锻炼能提高肌肉的 Na 酶。"),
    ("denervated_5_ion_pumps", "Higher ATPase activity ends in necrosis."),
    ("denervated_7_ciliary", "ciliary nerve factor"),
    ("denervated_10_tgf", "Transforming growth factor limits wasting."),
    ("denervated_11_satellite_place", "卫星细胞位于运动终板。"),
    ("denervated_11_satellite_place", "Satellite cells lie in the motor end plate."),
    ("denervated_18_root_cause", "Nerve injury is the root cause of muscle atrophy."),
    ("denervated_19_place_for_prevent", "被动活动可放置关节僵硬。"),
    ("denervated_20_longer_is_better", "每天做，越久越好。"),
    ("denervated_20_longer_is_better", "Start early; the longer, the better."),
    ("denervated_21_never_full", "两个月以后就不可能完全恢复。"),
    ("denervated_21_never_full", "After two months the muscle can never fully recover."),
    ("denervated_21_never_full", "After eight weeks it is too late."),
    ("denervated_22_repairs_nerves", "Passive movement repairs damaged nerves."),
    ("denervated_23_emg_days", "肌电图在 3 天后就有变化。"),
    ("denervated_23_emg_days", "The EMG turns abnormal after three days."),
    ("denervated_29_seven_metabolites", "It shows seven phosphorus metabolites."),
    ("denervated_33_circular_cause", "Results are poor because of the nerve injury."),
    ("denervated_36_unknown_origin", "失神经骨骼肌萎缩研究的现状与进展，2016"),
    ("sci_osteoporosis_1_bracket_numbers", "Slower loss was seen [45]."),
    ("sci_osteoporosis_2_repeated_numbers", "see reference 46"),
    ("sci_osteoporosis_3_vip", "vascular intestinal peptide"),
    ("sci_osteoporosis_5_leptin_route", "Leptin acts by the central route and inhibits bone."),
    ("sci_osteoporosis_7_spacing", "Trabecular spacing decreased in women."),
    ("sci_osteoporosis_10_igf", "血清 IGF-I 下降"),
    ("sci_osteoporosis_11_rankl_as_cure", "RANKL significantly reduced eroded surface."),
    ("sci_osteoporosis_12_activator_as_drug", "Drugs include receptor activators."),
    ("sci_osteoporosis_13_only_builder", "特立帕肽是唯一促进成骨的药。"),
    ("sci_osteoporosis_13_only_builder", "Teriparatide is the only drug that builds bone."),
    ("sci_osteoporosis_14_callus", "Continuous dosing delayed the callus."),
    ("sci_osteoporosis_15_favourable_site", "训练 6 个月，脊柱骨密度升高。"),
    ("sci_osteoporosis_15_favourable_site", "At six months the spine gained density."),
    ("sci_osteoporosis_17_reversal", "锻炼能够逆转骨丢失。"),
    ("sci_osteoporosis_17_reversal", "Exercise can reverse bone loss."),
    ("sci_osteoporosis_18_both_stimulated", "Both groups received the stimulation."),
    ("sci_osteoporosis_19_vibration_dose", "Vibration is recommended at 30 Hz."),
    ("sci_osteoporosis_20_vibration_potential", "Vibration is a promising treatment."),
    ("sci_osteoporosis_21_cycling_with_exercise", "Cycling with exercise is now common."),
    ("sci_osteoporosis_23_cadence_not_hertz", "Low-frequency cycling was better."),
    ("sci_osteoporosis_24_unnamed_outcome", "Of 15 people the slow group improved more."),
    ("sci_osteoporosis_25_ultrasound_works", "Ultrasound may be an effective therapy."),
    ("sci_osteoporosis_26_own_baseline", "The rabbits confirmed that ultrasound works."),
    ("sci_osteoporosis_27_no_guideline", "There is no standard clinical guideline."),
    ("sci_osteoporosis_28_dropped_drug", "Anti-sclerostin, hormones and vibration help."),
    ("sci_osteoporosis_30_jaw", "Vibration strengthens bone without osteonecrosis of the jaw."),
]

RIGHT = [
    "Bcl-2 表达较低，凋亡的刹车就松了。",
    "睫状神经营养因子和成纤维细胞生长因子",
    "失去神经后恢复可能不完全；再久也值得看医生。",
    "做多少听计划，不是越多越好。",
    "More is not better, and it is never too late to ask.",
    "在人身上，肌电图一般要一到三周才有变化。",
    "In people the EMG usually takes one to three weeks.",
    "骨小梁变少，间距增大。",
    "With RANKL blocked by denosumab less bone is eroded.",
    "脊柱骨密度升高，髋部同时下降。",
    "The spine rose while the hip fell.",
    "锻炼可能减慢骨丢失，不能逆转它。",
    "Vibration did not help nine people with paraplegia.",
    "每周神经科门诊两次。",
    "没有感觉的皮肤要每天看。",
]


@pytest.mark.parametrize(("code", "statement"), WRONG)
def test_a_wrong_statement_is_found(code: str, statement: str) -> None:
    assert any(re.search(pattern, statement) for pattern in LEFT_BEHIND[code])


@pytest.mark.parametrize("statement", RIGHT)
def test_a_right_statement_is_left_alone(statement: str) -> None:
    found = [
        code
        for code, patterns in LEFT_BEHIND.items()
        if any(re.search(pattern, statement) for pattern in patterns)
    ]
    assert found == []
