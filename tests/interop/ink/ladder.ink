// A choice that is remembered: asked of being taken, compared, and added up.
-> wall
=== wall ===
A wall. {climb: You have been up there.}
* (climb) [Climb] You climb. -> wall
* (rest) [Rest] -> wall
* {climb > 0 && not rest} [Look over] You see a lane. -> wall
+ {climb + rest > 1} [Go home] -> home
=== home
Home. # win
-> END
