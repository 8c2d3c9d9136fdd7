VAR trust = 0
VAR met = false
-> street

=== street ===
The street {is quiet|is still quiet|has grown dark}.
{met: The guard nods.}
+ [Talk to the guard]
  ~ met = true
  ~ trust = trust + 1
  {trust > 1:
     He trusts you.
  - else:
     He frowns.
  }
  -> street
* {trust >= 2} [Ask for the key]
  "Here."
  -> gate
* (looking) [Look around] You see a gate.
  -> street
+ {looking} [Go to the gate] -> gate

=== gate ===
{ trust:
- 0: Nobody knows you.
- 1: The guard waves.
- else: The guard smiles.
}
{ street.looking && not met:
  You feel alone.
  * [Wait] -> street
}
* [Enter] -> inside
* [Climb] You climb.
+ [Back] -> street
- The wall is behind you.
* [Jump] -> inside
* -> fallen

=== inside ===
You are in. # win
-> END

=== fallen ===
You fell. # lose
-> END
