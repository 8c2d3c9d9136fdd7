VAR gold = 2
VAR mood = 0
-> shop

=== shop ===
You come in. {raise(mood)}
+ {gold > 0} [Buy]
  ~ gold -= 1
  -> shop
+ {gold == 0} [Leave] -> tunnel ->
  Out you go. # win
  -> END
* {double(gold) > 3} [Call]
  ~ lower(mood)
  -> tunnel ->
  -> shop
+ {mood > 3} [Shout] They throw you out. # lose
  -> END

=== tunnel ===
In a tunnel.
* [Look] Dark.
+ [Feel] Cold.
- Then on.
->->

=== function double(x)
~ return x * 2

=== function raise(ref x)
~ x = x + 1

=== function lower(ref x)
{x > 0:
  ~ x = x - 1
}
