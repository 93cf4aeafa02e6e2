"""The glossary and the steps, which lead to one another."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import Tag

from lesson_site.steps.glossary_links import OTHER_SENSES, forms
from support.site import ROOT, STEPS, of_step, page

step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.stem)

# The field's standard terms: d2l-zh's, checked against the Chinese edition of "Deep Learning".
TERMS = """
tensor 张量 · shape 形状 · reshape 改变形状 · dimension 维度 · axis 轴 ·
flatten 展平 · broadcasting 广播 · element-wise 按元素 ·
matrix multiplication 矩阵乘法 · affine transformation 仿射变换 · in-place 原地 ·
layer 层 · fully connected 全连接层 · dense 稠密 · hidden layer 隐藏层 ·
hidden unit 隐藏单元 · MLP 多层感知机 · weight 权重 · bias 偏置 · parameter 参数 ·
hyperparameter 超参数 · activation function 激活函数 · sigmoid sigmoid 函数 ·
ReLU 修正线性单元 · tanh 双曲正切 · softmax softmax ·
logit logit（未规范化的预测） · saturate 饱和 · normalise 规范化 ·
standardise 标准化 · probability distribution 概率分布 ·
uniform distribution 均匀分布 · normal distribution 正态分布 ·
standard deviation 标准差 · entropy 熵 · cross-entropy 交叉熵 · overflow 上溢 ·
underflow 下溢 · numerical stability 数值稳定性 · minibatch 小批量 ·
batch size 批量大小 · epoch 轮 · data loader 数据加载器 · example 样本 ·
label 标签 · class 类别 · greyscale 灰度 · channel 通道 · pixel 像素 ·
forward propagation 前向传播 · backpropagation 反向传播 · autograd 自动微分 ·
gradient 梯度 · initialisation 初始化 · symmetry breaking 打破对称性 ·
subclass 子类 · instantiate 实例化 · module 模块 · hook 钩子 ·
training set 训练集 · test set 测试集 · validation set 验证集 · one-hot 独热编码 · seed 种子 ·
transform 变换 · loss 损失 · learning rate 学习率 · optimizer 优化器 · overfitting 过拟合 ·
gradient descent 梯度下降 · stochastic gradient descent 随机梯度下降 · neuron 单元
"""  # noqa: RUF001 - Chinese punctuation


@cache
def entries() -> dict[str, Tag]:
    """Return the definition of each term of the glossary."""
    found = {}
    for term in page("glossary.html").select("dl.glossary dt"):
        definition = term.find_next_sibling("dd")
        assert definition is not None
        link = term.select_one("a.headerlink")
        assert link is not None
        found[term.get_text().removesuffix(link.get_text()).strip()] = definition
    return found


def uses(step: Path) -> dict[str, str]:
    """Return the glossary's anchors that a step leads to, with the place that does."""
    places = of_step(step).select(".term")
    targets = [str(place.select_one("a")["href"]) for place in places]  # type: ignore[index] # asserted by the caller
    assert all(urlsplit(target).path == "../glossary.html" for target in targets)
    fragments = [urlsplit(target).fragment for target in targets]
    assert len(set(fragments)) == len(fragments), "only the first use is linked"
    return dict(zip(fragments, (str(place["id"]) for place in places), strict=True))


@pytest.mark.parametrize("term", TERMS.split(" ·"), ids=lambda term: term.strip())
def test_glossary_has_the_term_in_both_languages(term: str) -> None:
    english, chinese = next(
        (name, term.strip().removeprefix(name).strip())
        for name in sorted(entries(), key=len, reverse=True)
        if term.strip().startswith(f"{name} ")
    )
    definition = entries()[english]
    name = definition.select_one('[lang="zh"]')
    assert name is not None
    assert name.get_text() == chinese
    sentence = definition.select("p")[0].get_text().removeprefix(chinese).strip()
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0, "one sentence"


@step
def test_terms_of_a_step_resolve(step: Path) -> None:
    glossary = page("glossary.html")
    found = uses(step)
    assert len(found) >= 5
    assert all(glossary.find(id=anchor) for anchor in found)


@step
def test_terms_are_linked_in_prose_only(step: Path) -> None:
    for place in of_step(step).select(".term"):
        around = {parent.name for parent in place.parents}
        assert not around & {"a", "code", "pre", "h1", "h2", "h3", "figure", "aside"}


def test_glossary_leads_to_the_first_use_in_each_step() -> None:
    listed = {str(link["href"]) for link in page("glossary.html").select("p.uses a")}
    expected = {
        f"lesson/{step.stem}.html#{place}" for step in STEPS for place in uses(step).values()
    }
    assert listed == expected


def test_numbers_in_the_glossary_are_those_of_the_steps() -> None:
    for link in page("glossary.html").select("p.uses a"):
        assert f"{int(link.get_text()):02}_" in str(link["href"])


def prose_after_the_brief(step: Path) -> list[Tag]:
    """Return the paragraphs of a step's text in order, but for what it says before it begins."""
    paragraphs = of_step(step).select("article section > p")
    briefs = [p for p in paragraphs if p.get_text().startswith(("You will", "You need"))]
    return [p for p in paragraphs[paragraphs.index(briefs[-1]) + 1 :] if not p.get("class")]


def test_each_term_is_explained_where_the_lesson_first_uses_it() -> None:
    """An explanation sets its term in italics. What stands in code is no use of a word."""
    groups: dict[int, set[str]] = {}
    for name, definition in entries().items():
        groups.setdefault(id(definition), set()).add(name)
    group_of = {name: frozenset(group) for group in groups.values() for name in group}
    longest_first = sorted(group_of, key=len, reverse=True)
    known = "|".join(f"({forms(name)})" for name in longest_first)
    other = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in OTHER_SENSES)
    pattern = re.compile(rf"(?<![\w-])(?:{other}|{known})(?![\w-])", re.IGNORECASE)

    def terms(text: str) -> list[frozenset[str]]:
        found = [match.lastindex for match in pattern.finditer(text)]
        return [group_of[longest_first[index - 1]] for index in found if index]

    explained: set[frozenset[str]] = set()
    early = []
    for step in STEPS:
        for paragraph in prose_after_the_brief(step):
            for emphasis in paragraph.select("em"):
                explained |= set(terms(emphasis.get_text()))
            words = "".join(
                piece for piece in paragraph.find_all(string=True) if not piece.find_parent("code")
            )
            early += [(step.stem, *term) for term in terms(words) if term not in explained]
    assert not early
    assert len(explained) > 60


def test_a_word_of_another_sense_is_not_linked() -> None:
    # In these steps, a class is always one of Python.
    for stem in ("05_module", "06_functional", "08_sequential", "09_init"):
        assert "term-class" not in uses(ROOT / "gallery" / f"{stem}.py")
    assert "term-class" in uses(ROOT / "gallery" / "12_training.py")
