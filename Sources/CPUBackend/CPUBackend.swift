// Runs plans on oneDNN.
