"""Prose that the tests turn into worlds, written for them."""

from __future__ import annotations

FERRY = """\
The Last Crossing

Marta Weil, the ferryman's daughter, came down to the jetty before the light was up. Grey mist lay on the
river, and the ferry, a flat black barge with a rail of rope, knocked against its post. Her father's lantern
hung from the hook where he had left it. She put her hand on the cold brass and did not lift it down.

"You'll want to wait for the tide," said the old priest from the bank. He stood under the willow in a brown
coat, holding a parcel to his chest. "It must be in the chapel before noon, or they will ring the bell for
nobody."

She cast off. The barge swung out into the current, and the jetty slid away behind her until it was a line of
posts in the mist. Halfway over, the rope went slack. It had been cut. The long wet end came up over the rail
like an eel, and the river took hold of the barge and turned it slowly round.

They drifted all that morning past drowned fields. A barn stood to its eaves in brown water, and on the ridge
of the roof sat a red hen. Marta leaned on the pole until her arms shook. The priest held the parcel on his
knees and named the farms as they went by.

At noon they struck the weir below the mill. The mill had a green door, three steps up, and a wheel that
turned with nothing to grind. Marta tied the barge to the iron ring in the wall and climbed the steps. Inside
the mill the floor was white with old flour, and a boy of ten slept on the sacks with a bread knife in his
hand.

The boy knew a path. He led them out by the back gate and up through an orchard, where the apples had been
left to rot in the grass and wasps hung in the warm air. Above the orchard a stone wall ran along the hill.
Beyond the wall they could see the chapel, small and grey, with its door standing open.

By evening they reached the churchyard. Candles burned in every window of the chapel. Her father sat on the
bench beside the door with his boots off and his feet in a basin, and he looked up at her as if she were late
for supper. The priest gave him the parcel. In it was a coil of new rope.
"""

MINE = """\
I went into the hills the year the silver gave out. The road climbed past empty houses, and in the last of
them an old woman sold me a lamp and a bag of dry bread. She would take no money for the bread. Beyond her
house the snow began.

The mine had two mouths. One was boarded shut, and on the boards somebody had painted a white hand. The other
stood open, and a rail ran out of it over the ledge and ended in the air. I lit the lamp and walked in between
the timbers. Cold air moved past my face, out of the mountain, as if it breathed.

After an hour the tunnel opened into a hall. The roof was too high for the light. In the middle stood a pump
as big as a house, its wheel furred with rust, and round it lay forty pairs of boots in a ring. I counted them
twice. Then the lamp began to sink.

I had to find the upper gallery before the oil was gone. There was a ladder behind the pump, iron, wet, with
every third rung missing. I climbed with the lamp in my teeth. Far below me something rolled across the stone
floor and was still.

The gallery was dry. Bunks lined the wall, and on each bunk lay a folded blanket and a tin cup. At the far end
a door stood ajar with daylight behind it. A man sat in the doorway mending a boot. He was the foreman, Josef
Karr, whom they had buried in March, and he moved over to let me by.

Outside the valley lay in bright sun. Bells rang in the town, and people came up the road with shovels on
their shoulders. I blew out the lamp and set it on the wall where anyone could find it.
"""

LETTERS = """\
Every night at eleven the sorting office of the North Station goes quiet, and Ilse Brandt, a night clerk in a
grey dust-coat, opens the drawer of letters that nobody can read. The drawer is oak, with a brass pull. Above
it a lamp with a green shade throws a small round light on the table.

On the second of November there is a letter with her own name on it. The stamp shows a lighthouse. The ink is
still wet. Ilse looks along the hall, past the racks and the stopped belt, but only the clock moves.

She takes the letter down the iron stair to the boiler room, where Otto the stoker keeps a kettle on the pipe.
Red light comes through the grate. He holds the envelope over the steam and the flap curls back like a leaf.
Inside is a key and the number of a locker.

The lockers stand in the old waiting hall, four hundred of them, grey with dust. Number 311 is behind a fallen
board. Ilse must open it before the first train, because at five the hall is to be pulled down. She pushes the
board aside and the key goes in.

In the locker hangs a child's red coat with a label pinned to the sleeve. It is her own coat, lost on a
platform thirty years ago. In the pocket is a ticket for the five o'clock train. Whistles sound along the
platform, and the lamps come on one by one.

Ilse walks out on the platform in the first snow. The train stands in a cloud of steam. A conductor with a
white beard takes her ticket, looks at the coat over her arm, and holds the door.
"""

TEXTS_BY_NAME = {"ferry": FERRY, "mine": MINE, "letters": LETTERS}
