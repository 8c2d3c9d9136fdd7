"""One world or thousands: planned, written, judged and kept."""
