from port_without_keras.callbacks import EarlyStopping, LearningRateScheduler, TerminateOnNaN
from port_without_keras.loop import Line

POINTS = [(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 7.0)]


def test_a_line_is_learned():
    line = Line()
    line.fit(POINTS, epochs=200)
    assert [round(weight, 3) for weight in line.get_weights()] == [2, 1]


def test_training_stops_when_the_validation_loss_rises_and_the_best_weights_come_back():
    line = Line()
    history = line.fit(
        POINTS, epochs=100, validation=[(1.0, 0.0)], callbacks=[EarlyStopping(patience=2, restore_best_weights=True)]
    )
    losses = [logs["val_loss"] for logs in history]
    assert len(history) == losses.index(min(losses)) + 3
    assert line.loss([(1.0, 0.0)]) == min(losses)


def test_each_epoch_has_the_rate_of_the_schedule():
    history = Line(0.1).fit(POINTS, epochs=3, callbacks=[LearningRateScheduler(lambda epoch, rate: rate / 2)])
    assert [logs["learning_rate"] for logs in history] == [0.05, 0.025, 0.0125]


def test_training_ends_when_the_loss_is_not_finite_any_more(capsys):
    history = Line(1e100).fit(POINTS, epochs=9, callbacks=[TerminateOnNaN()])
    assert len(history) == 1
    assert capsys.readouterr().out.startswith("Batch 1: ")
