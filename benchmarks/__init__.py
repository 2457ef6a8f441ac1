"""Measurements, as ratios in one run: machines differ, and one machine differs from hour to hour."""
