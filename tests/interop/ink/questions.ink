// What is asked once opens further questions; the way on is taken when none is left.
-> hub
=== hub ===
A hub.
* (one) [Ask one] One. -> hub
* (two) [Ask two] Two. -> hub
* (three) {one} [Ask three] Three. -> hub
* (four) {two && three} [Ask four] Four. -> hub
* (five) [Ask five] Five. -> hub
* (six) {five} [Ask six] Six. -> hub
* -> out
=== out
{hub.six: You know all.}
You leave. # win
-> END
