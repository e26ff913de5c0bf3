"""Where small things stand beside the subject."""

from benchmark.data.synthetic.brush.canvas import Canvas


def beside(canvas: Canvas) -> float:
    """A place left or right of the subject, inside the square that methods see."""
    side = canvas.rng.choice([-1.0, 1.0])
    return 0.5 * canvas.aspect + side * canvas.rng.uniform(0.27, 0.42) * min(canvas.aspect, 1.15)
