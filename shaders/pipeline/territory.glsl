// The mask: where somebody's territory is. The same formulas as circle/seats.py, held together
// by a test.
#include "people.glsl"
uniform float tau;      // softness of borders, plane units squared
uniform float warp;     // how far borders wander, plane units
uniform float wandered[6];  // phase of each wandering wave, rad

const float FAR = 1e6;
const float SEEN = 0.004;  // a smaller share of a pixel is not looked up

vec2 wave(vec2 x, vec2 direction, float amplitude, float phase) {
    vec2 crest = normalize(vec2(-direction.y, direction.x));
    return crest * amplitude * sin(dot(x, direction) + phase);
}

vec2 wandering(vec2 x) {
    return wave(x, vec2(2.9, 1.3), 0.34, wandered[0])
         + wave(x, vec2(-1.7, 4.1), 0.30, wandered[1])
         + wave(x, vec2(8.3, -5.9), 0.17, wandered[2])
         + wave(x, vec2(6.1, 10.7), 0.15, wandered[3])
         + wave(x, vec2(-23.0, 17.0), 0.100, wandered[4])
         + wave(x, vec2(15.0, 29.0), 0.090, wandered[5]);
}

float gap(vec2 x, int i) {
    vec2 away = x - seat[i].xy;
    return dot(away, away);
}

// Power distance to the disc of person i: below 0 inside. Discs are disjoint.
float off_disc(vec2 x, int i) {
    return gap(x, i) - seat[i].w * seat[i].w;
}

float power(vec2 moved, int i) {
    return gap(moved, i) - seat[i].z;
}

// How much of the sanctuary disc of person i holds at x (unwarped): 1 inside, 0 outside.
float sanctuary(vec2 x, int i) {
    float radius = seat[i].w;
    return 1.0 - smoothstep(radius * (1.0 - look[i].x), max(radius, 1e-6), sqrt(gap(x, i)));
}

// Edges are lost and found: in places colours bleed far across, in others they hardly do. Found at
// a quarter of the size, in a byte beside the ids.
uint softened(vec2 x) {
    float waves = sin(7.3 * x.x + 2.1 * sin(5.9 * x.y) + wandered[0])
                + sin(8.9 * x.y - 1.7 * sin(6.7 * x.x) + wandered[1]);
    return uint(clamp(waves * 0.25 + 0.5, 0.0, 1.0) * 255.0 + 0.5);
}

struct Owners {
    int id[5];
    float phi[5];
    int count;
    int seen;  // all who are seen clearly enough to be looked up are among the first so many
    float lead;  // second smallest minus smallest power distance, plane units squared
};

// phi of the five owners kept for this pixel; `packed_ids` comes from the ids pass.
Owners owners_of(vec2 x, uvec2 packed_ids) {
    Owners o;
    o.id = int[5](int(packed_ids.x & 255u), int((packed_ids.x >> 8) & 255u),
                  int((packed_ids.x >> 16) & 255u), int(packed_ids.x >> 24),
                  int(packed_ids.y & 255u));
    int closest = int((packed_ids.y >> 8) & 255u);
    o.count = int((packed_ids.y >> 16) & 255u);
    float soft = tau * exp2(2.4 * (float(packed_ids.y >> 24) / 255.0 - 0.5));
    vec2 moved = x + warp * wandering(x);
    float d[5];
    float low = FAR, second = FAR, high = -FAR;
    for (int k = 0; k < 5; k++) {
        d[k] = k < o.count ? power(moved, o.id[k]) : FAR;
        second = min(second, max(low, d[k]));
        low = min(low, d[k]);
        high = max(high, d[k]);
    }
    o.lead = second - low;
    float floor_u = exp((low - high) / soft), total = 1e-9;  // nobody here: nothing is seen
    for (int k = 0; k < 5; k++) {
        o.phi[k] = max(0.0, exp((low - d[k]) / soft) - floor_u);
        total += o.phi[k];
    }
    float inside = sanctuary(x, closest), others = (1.0 - inside) / total;
    bool among = false;
    for (int k = 0; k < 5; k++) {
        bool own = k < o.count && o.id[k] == closest;
        o.phi[k] = o.phi[k] * others + (own ? inside : 0.0);
        among = among || own;
    }
    if (!among) {  // the fifth has faded to nothing: its place is free
        o.id[4] = closest;
        o.phi[4] = inside;
        o.count = 5;
    }
    o.seen = 0;
    for (int k = 0; k < 5; k++)
        if (o.phi[k] >= SEEN) o.seen = k + 1;
    return o;
}
