"""Engine, workers, board, view: no screen."""
