/* The packed walk in C: a position is one integer, kept in a table; soft-locks by sweeps back over the order of arrival. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "moves.h"

typedef WIDE P;

static P *order;
static uint32_t *table; /* 1 + place in order; 0: free */
static uint64_t count, room, slots;
static uint8_t *left;

static uint64_t hash(P p) {
    uint64_t h = (uint64_t)p ^ (sizeof(P) > 8 ? (uint64_t)(p >> (sizeof(P) > 8 ? 64 : 0)) * 0x9E3779B97F4A7C15u : 0);
    h *= 0xff51afd7ed558ccdu;
    return h ^ h >> 32;
}

static uint64_t find(P p) {
    uint64_t i = hash(p) & (slots - 1);
    while (table[i] && order[table[i] - 1] != p) i = (i + 1) & (slots - 1);
    return i;
}

static void grow(void) {
    room *= 2, slots = 2 * room;
    order = realloc(order, room * sizeof(P));
    free(table);
    table = calloc(slots, sizeof *table);
    if (!order || !table) { puts("out of memory"); exit(1); }
    for (uint64_t i = 0; i < count; i++) table[find(order[i])] = i + 1;
}

static void add(P p) {
    uint64_t i = find(p);
    if (table[i]) return;
    if (count == room) { grow(); i = find(p); }
    order[count++] = p;
    table[i] = count;
}

static P after(P p, int m) { return (P)target[m] << WIDTH | (p & LOW) | GAIN(m); }
static int may(P p, int m) { return (p & NEED(m)) == NEED(m) && !(p & BAR(m)); }

int main(void) {
    room = 1 << 15;
    grow();
    add((P)START << WIDTH);
    for (uint64_t i = 0; i < count; i++) {
        P p = order[i];
        uint32_t s = p >> WIDTH;
        for (int m = first[s]; m < first[s + 1]; m++) if (may(p, m)) add(after(p, m));
    }
    left = malloc(count);
    uint64_t stuck = 0;
    for (uint64_t i = 0; i < count; i++) stuck += left[i] = !ending[order[i] >> WIDTH];
    for (int changed = 1; changed;) {
        changed = 0;
        for (uint64_t i = count; i--;) {
            if (!left[i]) continue;
            P p = order[i];
            uint32_t s = p >> WIDTH;
            for (int m = first[s]; m < first[s + 1]; m++)
                if (may(p, m) && !left[table[find(after(p, m))] - 1]) { left[i] = 0, stuck--, changed = 1; break; }
        }
    }
    printf("%llu %llu\n", (unsigned long long)count, (unsigned long long)stuck);
    return 0;
}
