// A lamp that is turned on and off: an else denies what its if was told.
VAR lamp = false
VAR turns = 0
-> room
=== room ===
{lamp:
  ~ lamp = false
  Dark now.
- else:
  ~ lamp = true
  Light now.
}
~ turns = turns + 1
+ {lamp} [Read] -> room
+ {not lamp} [Sleep] -> room
* {turns > 2} [Leave] -> out
=== out ===
You leave{lamp: the lamp on| in the dark}. # win
-> END
