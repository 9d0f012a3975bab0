"""Line drawings of passive movements and of electrode positions, computed from data.

A figure is a tree of bones made of balls in space (centimetres); a posture turns its joints, a
camera looks at it, and the hull of each group of balls becomes an outline. Nothing here knows a
language, a plan or a number that a person reads.
"""
