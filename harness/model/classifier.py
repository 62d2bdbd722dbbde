"""Trains the small classifier that the tests judge generated digits with, on scikit-learn's bundled 8x8 digits.
usage: classifier.py [out=classifier.safetensors]        (prints the accuracy on real held-out digits)

64 pixels in 0..1 -> 128 ReLU -> 10 scores; size and penalty by cross-validation on the training part. The split is the one of train.py: what is held out here, the image model has
not seen either."""
import sys
import numpy as np
from safetensors.numpy import save_file
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

out = sys.argv[1] if len(sys.argv) > 1 else "classifier.safetensors"
X, y = load_digits(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X / 16, y, test_size=0.2, random_state=0, stratify=y)
best = MLPClassifier((128,), alpha=0.1, max_iter=400, random_state=0).fit(Xa, ya)
w1, w2 = best.coefs_
b1, b2 = best.intercepts_
scores = np.maximum(Xb.astype("f4") @ w1.astype("f4") + b1.astype("f4"), 0) @ w2.astype("f4") + b2.astype("f4")
accuracy = (scores.argmax(1) == yb).mean()
print(f"held-out accuracy {accuracy:.4f} on {len(yb)} digits")
save_file(
    {"w1": w1.astype("f4"), "b1": b1.astype("f4"), "w2": w2.astype("f4"), "b2": b2.astype("f4"),
     "held_out_pixels": (Xb * 16).astype("u1"), "held_out_labels": yb.astype("u1")},
    out,
)
