from callback_conformance import conformance
from port_without_keras import callbacks

test_early_stopping = conformance(callbacks.EarlyStopping, "EarlyStopping")
test_learning_rate_scheduler = conformance(callbacks.LearningRateScheduler, "LearningRateScheduler")
test_terminate_on_nan = conformance(callbacks.TerminateOnNaN, "TerminateOnNaN")
