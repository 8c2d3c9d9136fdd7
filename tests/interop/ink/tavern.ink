VAR gold = 2
VAR trust = 0
-> tavern

=== tavern ===
The tavern smells of smoke. {trust > 1: The barkeep smiles at you.}
* [Order an ale] You drink deep.
  ~ gold = gold - 1
  -> tavern
* {gold > 0} [Bribe the barkeep]
  ~ gold = gold - 1
  ~ trust = trust + 2
  "For that, I'll talk."
  -> tavern
+ [Ask about the road]
  {trust > 1:
    "Take the north road."
    -> road.north
  - else:
    "I know nothing."
    -> tavern
  }
+ [Leave] -> road

=== road ===
The road forks.
+ [North] -> north
+ [South] -> south
= north
You find the pass. # win
-> END
= south
Bandits. # lose
-> END
