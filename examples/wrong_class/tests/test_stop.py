from callback_conformance import conformance
from wrong_class.stop import BestWeightsStop

NO_METRICS = "no compiled metric is asked: where it is no loss, the direction has to be given"
known = {
    "ES-29": "an unknown mode is not looked for",
    "ES-31": NO_METRICS,
    "ES-33": NO_METRICS,
}
test_best_weights_stop = conformance(BestWeightsStop, "EarlyStopping", known=known)
