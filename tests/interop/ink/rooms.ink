VAR key = false
-> hall

=== hall ===
A hall with one lamp. {key: You hold a key.}
* [Take the key] It is warm.
  ~ key = true
  -> hall
+ {key} Go down[]. You go down.
  -> cellar
* [Listen] Nothing.
  -> hall
* -> out

=== cellar ===
= first
Apples.
{hall > 2: -> rich | -> poor}
= rich
You are rich. # win
-> END
= poor
You are poor.
- (again)
  * a
    * * b
    * * c
    - - The inner gather.
  * d
- The outer gather. # lose
-> END

=== out ===
Out. {hall > 2: Thrice.} # lose
-> DONE
