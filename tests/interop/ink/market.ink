// What is bought and earned once changes how much gold there is.
VAR gold = 3
-> hub
=== hub ===
A hub.
* [Ask one] One. -> hub
* {gold > 1} [Buy two] Two. 
  ~ gold -= 1
  -> hub
* [Ask three] Three. 
  ~ gold += 1
 -> hub
* {gold > 0} [Buy four] Four.
  ~ gold -= 1
 -> hub
* [Ask five] Five. -> hub
* [Ask six] Six. -> hub
+ [Leave] -> out
=== out
You leave. # win
-> END
