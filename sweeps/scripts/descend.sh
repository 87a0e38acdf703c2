#!/bin/sh
# Any program can be a trainable: it gets its parameters as arguments, and prints {"step": ..., "loss": ...} for each step.
# This one goes down the banana-shaped valley of Rosenbrock by gradient descent with momentum.
#   descend.sh LEARNING_RATE MOMENTUM STEPS SEED
exec awk -v rate="$1" -v momentum="$2" -v steps="$3" -v seed="$4" 'BEGIN {
    srand(seed)
    x = 2 * rand() - 1; y = 2 * rand() - 1
    print "starting at " x ", " y
    for (step = 1; step <= steps; step++) {
        gx = -2 * (1 - x) - 400 * x * (y - x * x)
        gy = 200 * (y - x * x)
        vx = momentum * vx - rate * gx
        vy = momentum * vy - rate * gy
        x += vx; y += vy
        loss = (1 - x) ^ 2 + 100 * (y - x * x) ^ 2
        if (loss > 1e12) { print "diverged" > "/dev/stderr"; exit 3 }
        if (step % 10 == 0) printf "{\"step\": %d, \"loss\": %.10g, \"x\": %.6g, \"y\": %.6g}\n", step, loss, x, y
    }
}'
