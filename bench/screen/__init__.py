"""Pages with a graph in a headless Chromium without a GPU, and what is measured of them."""
