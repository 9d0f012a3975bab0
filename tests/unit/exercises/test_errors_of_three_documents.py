"""The errors of the sarcopenia, stem-cell and encyclopaedia documents do not come back."""

import re

import pytest

from exercises.sheets.library import read_shelf
from exercises.sheets.reading import CONTENT

SHEETS = {f"left_behind/{name}_review.yaml" for name in ("sarcopenia", "stem_cell")} | {
    "left_behind/encyclopaedia_page.yaml"
}
LEFT_BEHIND = {
    code: placed.item.patterns
    for code, placed in read_shelf(CONTENT, "left_behind").items()
    if placed.file in SHEETS
}

WRONG = [
    ("sarcopenia_1_nfkb", "NK-κB转移到炎症表面"),
    ("sarcopenia_1_nfkb", "moves to the inflammatory surface"),
    ("sarcopenia_2_actn3", "ATCN R577X"),
    ("sarcopenia_3_mstn", "MSTN2739 A＞G"),
    ("sarcopenia_4_prevalence", "中国人肌少症发病率男性为12.3%"),
    ("sarcopenia_4_prevalence", "the incidence of sarcopenia in China is 12.3%"),
    ("sarcopenia_5_yearly_loss", "人体肌量每年1%～5%流失"),
    ("sarcopenia_5_yearly_loss", "muscle falls 1-5% a year"),
    ("sarcopenia_5_yearly_loss", "loses 1% to 5% per year"),
    ("sarcopenia_6_three_stages", "肌少症分为3期"),
    ("sarcopenia_6_three_stages", "sarcopenia has three stages: presarcopenia"),
    ("sarcopenia_7_synthesis", "因为蛋白质合成减少，肌肉变少"),
    ("sarcopenia_7_synthesis", "muscle shrinks because protein synthesis falls"),
    ("sarcopenia_8_mtor", "mammalian target of sirolimus"),
    ("sarcopenia_9_inadequate", "declining in adequate protein intake"),
    ("sarcopenia_10_page_header", "·638· 中华"),
    ("sarcopenia_11_no_treatment", "肌少症综述推荐训练剂量"),
    ("sarcopenia_11_no_treatment", "the sarcopenia review recommends a training dose"),
    ("sarcopenia_12_ancestry", "美国黑人握力低"),
    ("sarcopenia_12_ancestry", "Black Americans lose strength faster"),
    ("sarcopenia_12_ancestry", "use race-based cut-offs"),
    ("stem_cell_1_kind_of_cell", "Kondziolka等对经MSC治疗的患者"),
    ("stem_cell_1_kind_of_cell", "Kondziolka treated stroke with mesenchymal cells"),
    ("stem_cell_2_irreplaceable", "具有不可取代的作用"),
    ("stem_cell_2_irreplaceable", "stem cells are irreplaceable"),
    ("stem_cell_3_marrow_term", "BMSC (bone marrow stem cell)"),
    ("stem_cell_3_marrow_term", "bone marrow stem cells"),
    ("stem_cell_4_pet", "计算机断层扫描显示18F-氟脱氧葡萄糖摄取增加"),
    ("stem_cell_4_pet", "CT showed more FDG uptake"),
    ("stem_cell_5_follow_up", "随访26个月后"),
    ("stem_cell_5_follow_up", "followed up for 26 months"),
    ("stem_cell_5_follow_up", "follow-up of 26 months"),
    ("stem_cell_6_species", "新生胎鼠"),
    ("stem_cell_6_species", "newborn fetal rats"),
    ("stem_cell_7_autism", "干细胞可以治疗孤独症"),
    ("stem_cell_7_autism", "stem cells treat autism"),
    ("stem_cell_8_all_improved", "上述评价指标均有所改善"),
    ("stem_cell_8_all_improved", "all scores improved"),
    ("stem_cell_9_satellite", "肌纤维的再生主要由 MSC 完成"),
    ("stem_cell_9_satellite", "muscle fibres are regenerated mainly by MSC"),
    ("stem_cell_10_heal_and_scar", "干细胞既促进再生又形成瘢痕"),
    ("stem_cell_10_heal_and_scar", "stem cells both heal and scar"),
    ("stem_cell_11_pain_direction", "视觉模拟评分升高，说明好转"),
    ("stem_cell_11_pain_direction", "the VAS rose, an improvement"),
    ("stem_cell_11_pain_direction", "a higher pain score is better"),
    ("stem_cell_12_single_cases", "对2例膝关节炎患者"),
    ("stem_cell_12_single_cases", "two patients with knee arthritis"),
    ("stem_cell_12_single_cases", "two people with knee osteoarthritis"),
    ("encyclopaedia_5_strength", "增加肌力锻炼"),
    ("encyclopaedia_5_strength", "do more strength training"),
    ("encyclopaedia_5_strength", "strength training worsens spasticity"),
    ("encyclopaedia_6_animal_drugs", "采用人参、黄芪、全虫"),
    ("encyclopaedia_6_animal_drugs", "take ginseng and scorpion"),
    ("encyclopaedia_7_b_vitamins", "B1、B6、B12 联合应用"),
    ("encyclopaedia_7_b_vitamins", "take B1, B6 and B12 together"),
    ("encyclopaedia_8_riluzole", "利鲁唑用于肌肉萎缩"),
    ("encyclopaedia_8_riluzole", "riluzole for muscle atrophy"),
    ("encyclopaedia_9_brands", "力如太"),
    ("encyclopaedia_9_brands", "三磷酸腺苷二"),
    ("encyclopaedia_9_brands", "Rilutek"),
    ("encyclopaedia_9_brands", "['佐宁', 'x"),
    ("encyclopaedia_10_cause_shares", "遗传（10%）"),
    ("encyclopaedia_10_cause_shares", "Heredity (10%)"),
    ("encyclopaedia_11_not_only_als", "肌肉萎缩就是渐冻症"),
    ("encyclopaedia_11_not_only_als", "muscle wasting is ALS"),
    ("encyclopaedia_12_disuse", "甲亢属于废用"),
    ("encyclopaedia_12_disuse", "cancer is a form of disuse"),
    ("encyclopaedia_13_complications", "并发症：肌营养不良"),
    ("encyclopaedia_13_complications", "complications: muscular dystrophy"),
    ("encyclopaedia_14_rates_and_costs", "治愈率30%"),
    ("encyclopaedia_14_rates_and_costs", "30% are cured"),
    ("encyclopaedia_14_rates_and_costs", "a cure rate of 30%"),
    ("encyclopaedia_14_rates_and_costs", "0.003%"),
    ("encyclopaedia_14_rates_and_costs", "10000――50000元"),
    ("encyclopaedia_14_rates_and_costs", "about 10,000-50,000 yuan"),
    ("encyclopaedia_15_absolute", "100%都有"),
    ("encyclopaedia_15_absolute", "终身不能恢复"),
    ("encyclopaedia_15_absolute", "never recovers"),
    ("encyclopaedia_16_touch", "触摸纵向缩小"),
    ("encyclopaedia_17_face", "肌原性面部肌肉萎缩"),
    ("encyclopaedia_18_ototoxic", "耳毒饕"),
    ("encyclopaedia_19_dated_terms", "癔病"),
    ("encyclopaedia_19_dated_terms", "格林-巴利综合征"),
    ("encyclopaedia_19_dated_terms", "hysterical"),
    ("encyclopaedia_20_wrong_character", "变可能遗留下"),
    ("encyclopaedia_21_promotion", "一般建议使用家用型康复仪"),
    ("encyclopaedia_21_promotion", "generally advised to use a home device"),
    ("encyclopaedia_22_structure", "【症状】"),
    ("encyclopaedia_23_lost_stop", "胃肠炎5、物理疗法"),
    ("encyclopaedia_24_empty_fields", "症状："),
    ("encyclopaedia_24_empty_fields", "Symptoms:"),
    ("encyclopaedia_25_insurance", "不属于医保"),
    ("encyclopaedia_25_insurance", "not covered by public insurance"),
    ("encyclopaedia_27_most_choke", "大多数患者出现延髓麻痹"),
    ("encyclopaedia_27_most_choke", "most patients develop bulbar palsy"),
    ("encyclopaedia_27_most_choke", "most people choke"),
]

RIGHT = [
    "AWGS 2019 和 EWGSOP2 修订了定义和界值。",
    "Loss of muscle is about 3-8% per decade.",
    "12.3% of men: a prevalence, not a rate of new cases.",
    "不按种族设界值。",
    "No race-based cut-offs are used.",
    "FDG uptake comes from PET-CT.",
    "平均随访 12.7 个月，最长 26 个月。",
    "Muscle fibres are regenerated mainly by satellite cells.",
    "骨髓间充质干细胞移植属于研究。",
    "疼痛分数越低越好。",
    "A pain score that rises two sessions running: rest that joint.",
    "肌力训练由康复团队设定。",
    "After stroke, strength work did not increase spasticity.",
    "全蝎有毒，孕妇禁用。",
    "Do not take scorpion without asking.",
    "利鲁唑只用于肌萎缩侧索硬化。",
    "Riluzole is for ALS only.",
    "三磷酸腺苷二钠注射液",
    "不是每个人都有吞咽问题。",
    "Not everybody has swallowing trouble.",
    "吉兰-巴雷综合征",
    "30% less stimulation on the first day.",
    "肌萎缩侧索硬化是肌肉萎缩的原因之一。",
]


def test_every_error_has_a_wrong_statement_here() -> None:
    assert {code for code, _ in WRONG} == LEFT_BEHIND.keys()


@pytest.mark.parametrize(("code", "statement"), WRONG)
def test_the_wrong_statement_is_found(code: str, statement: str) -> None:
    assert any(re.search(pattern, statement) for pattern in LEFT_BEHIND[code])


@pytest.mark.parametrize("statement", RIGHT)
def test_the_right_statement_is_left_alone(statement: str) -> None:
    found = [
        code
        for code, patterns in LEFT_BEHIND.items()
        if any(re.search(pattern, statement) for pattern in patterns)
    ]
    assert found == []
