"""Give NumPy 2 the name `np.Inf` back, which Keras 3.0 to 3.4 use; Python imports this file when it starts."""

import numpy

numpy.Inf = numpy.inf  # type: ignore[attr-defined]
