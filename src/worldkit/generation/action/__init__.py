"""What a player types becomes one event into a new state with two ways on; nothing that exists is changed."""
