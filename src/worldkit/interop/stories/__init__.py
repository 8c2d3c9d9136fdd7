"""Stories and state machines of other programs: read into one neutral machine, which becomes a world."""
