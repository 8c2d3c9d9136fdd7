// Questions that are asked once, in a room whose lamp is turned on and off.
VAR lamp = false
-> hub
=== hub ===
A hub. {lamp: It is light.|It is dark.}
* [Ask one] One. -> hub
* [Ask two] Two. -> hub
* [Ask three] Three. -> hub
* [Ask four] Four. -> hub
* [Ask five] Five. -> hub
* [Ask six] Six. -> hub
+ {lamp} [Off]
   ~ lamp = false
   -> hub
+ {not lamp} [On]
   ~ lamp = true
   -> hub
+ [Leave] -> out
=== out
You leave. # win
-> END
