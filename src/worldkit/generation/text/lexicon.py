"""Word lists: what a clause does not end with, what is no description, and what a small model falls into."""

from __future__ import annotations

from worldkit.generation.text.english import word_list

HANGING = frozenset(
    word_list(
        "a an the of in on at to by for from with and or but as if is are was were be been its his her their "
        "my your our that which who whose this these those into onto over under through between behind beside "
        "against toward towards along across above beneath below around near past than very so some any each "
        "every off out up down one it until while"
    )
)
"""Words that a clause does not end with, because they lead on."""

UNFINISHED = frozenset(
    word_list(
        "highest lowest north south same other few many most wet old dripping dim pale last first cold warm "
        "peeling single broken small large tiny thin long tall low high soft bare whole half"
    )
)
"""Words that a model ends a clause with where it has lost its noun."""

TALK = frozenset(
    word_list(
        "i me my we us our ours you your yours he him his she her hers they them their it itself themselves "
        "himself herself was were had did been being would could should might will shall may must can if than "
        "like as that which who whom whose what why how when where while and because so but also just very "
        "really quite until unless though although yet there here then toward towards something someone "
        "anything anyone everything everyone player players game games story stories scene scenes movie film "
        "camera image picture photo character reader viewer user world symbol symbolizing representing "
        "suggesting hinting reminiscent sense feeling reminder testament seemingly almost seems seem appears "
        "appear sees see looks look hand hands center centre middle side sides background foreground distance "
        "direction location area building structure dead death blood body bodies corpse gun guns unseen "
        "invisible empty absence lack missing"
    )
)
"""Words that describe no picture: talk to the reader, other tenses, clauses within clauses, speculation, what is
absent, what is better left to a writer; and where a model puts a thing when it has no place for it."""

FAVOURITES = word_list(
    "rail rails railing rafter rafters rib ribs beam beams rim curtain curtains ribbon ring row line chain groove "
    "sheet wheel wheels edge edges corner wall walls floor top bottom end ends shadow haze light blue green grey "
    "black glass yellow amber highest lowest last single pane panes shelf shelves ceiling doorway sill plank pool "
    "loop pair pairs mirror drizzle shower puff gap hook hooks door paper wet rain swirl dust half lamp midst "
    "heart night dark darkness stairs steam"
)
"""Words that a small model comes back to. Each answer may use a few of them, and another answer others."""

LIMBS = frozenset(
    word_list(
        "knuckle knuckles finger fingers thumb thumbs elbow elbows knee knees nose chin eye eyes mouth throat "
        "ear ears sleeve paw paws toe toes lip lips tooth teeth tongue wrist hip shoulder shoulders fist "
        "fists neck feet foot spider mouse bat"
    )
)
"""Parts of people and animals, which a model gives to things."""

PREPOSITIONS = word_list(
    "in under beside over against along above across between on at behind beneath through around near below from with"
)

NOT_FIRST = (HANGING - {"a", "an", "the", "its", "each", "one"}) | frozenset(word_list("is are has have does do"))
"""Words that do not follow a preposition."""
