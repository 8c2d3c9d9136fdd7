"""From a plan to the strings it needs, each checked after it is written."""
