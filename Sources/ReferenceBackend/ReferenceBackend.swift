// The readable definition of every operation.
