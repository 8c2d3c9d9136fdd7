"""Word lists: what a clause does not end with, what is no description, and the verbs composed sentences may use."""

from __future__ import annotations

from worldkit.generate.english import plain, word_list

HANGING = frozenset(
    word_list(
        "a an the of in on at to by for from with and or but as if is are was were be been its his her their my your "
        "our that which who whose this these those into onto over under through between behind beside against toward "
        "towards along across above beneath below around near past than very so some any each every off out up down "
        "one it until while"
    )
)
"""Words that a clause does not end with."""

TALK = frozenset(
    word_list(
        "i me my we us our ours you your yours he him his she her hers they them their it itself themselves himself "
        "herself was were had did been being would could should might will shall may must can if than like as that "
        "which who whom whose what why how when where while and because so but also just very really quite until "
        "unless though although yet there here then toward towards "
        "something someone anything anyone everything everyone "
        "player players game games story stories scene scenes movie film camera image picture photo character reader "
        "viewer user world symbol symbolizing representing suggesting hinting reminiscent sense feeling reminder "
        "testament seemingly almost seems seem appears appear sees see looks look hand hands "
        "dead death blood body bodies corpse gun guns unseen invisible empty absence lack missing"
    )
)
"""Words that describe no picture: talk to the reader, other tenses, clauses within clauses, speculation, what is
absent, what is better left to a writer."""

PREPOSITIONS = word_list(
    "in under beside over against along above across between on at behind beneath through around near below from with"
)

NOT_FIRST = (HANGING - {"a", "an", "the", "its", "each", "one"}) | frozenset(word_list("is are has have does do"))
"""Words that do not follow a preposition."""

STAND = word_list("stands opens rises waits lies narrows slopes curves spreads leans sprawls settles glows widens")
"""Verbs for a place, third person."""

STAND_MANY = tuple(plain(verb) for verb in STAND)
"""The same, in the same order, for places named in the plural."""

ONE = word_list(
    "stands leans hangs rests lies sits glows gleams sways rises tilts curls shines flickers sags drifts stretches "
    "glints looms bends turns waits trembles settles clings shimmers darkens"
)
"""Verbs for a thing that need no object, third person."""

MANY = tuple(plain(verb) for verb in ONE)
"""The same, in the same order, for things."""

STIR = word_list("sways shifts turns trembles flickers glints stirs settles quivers gleams tilts")
"""Verbs of small recurring motions, for a thing."""

STIR_MANY = tuple(plain(verb) for verb in STIR)
"""The same, in the same order, for things."""

YOU = word_list("stop pause stand step turn walk lean look listen wait crouch reach breathe kneel move")
"""Verbs for the player, second person."""
