from callback_conformance import conformance
from correct_class.stop import PatienceStop

test_patience_stop = conformance(PatienceStop, "EarlyStopping")
