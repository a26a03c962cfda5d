// Candidates per screen tile: the seven smallest power distances and the nearest disc.
#include "territory.glsl"
in vec2 uv;
out uvec2 candidates;  // eight ids of 8 bits; the last is the nearest disc's

void main() {
    vec2 x = (uv - 0.5) * vec2(aspect, 1.0);
    vec2 moved = x + warp * wandering(x);
    float d0 = FAR, d1 = FAR, d2 = FAR, d3 = FAR, d4 = FAR, d5 = FAR, d6 = FAR, nearest = FAR;
    int i0 = 0, i1 = 0, i2 = 0, i3 = 0, i4 = 0, i5 = 0, i6 = 0, closest = 0;
    for (int i = 0; i < people; i++) {
        float bare = seat[i].w > 0.0 ? off_disc(x, i) : FAR;
        if (bare < nearest) { nearest = bare; closest = i; }
        float d = power(moved, i);
        if (d >= d6) continue;
        d6 = d; i6 = i;
        if (d6 < d5) { float t = d5; d5 = d6; d6 = t; int j = i5; i5 = i6; i6 = j; }
        if (d5 < d4) { float t = d4; d4 = d5; d5 = t; int j = i4; i4 = i5; i5 = j; }
        if (d4 < d3) { float t = d3; d3 = d4; d4 = t; int j = i3; i3 = i4; i4 = j; }
        if (d3 < d2) { float t = d2; d2 = d3; d3 = t; int j = i2; i2 = i3; i3 = j; }
        if (d2 < d1) { float t = d1; d1 = d2; d2 = t; int j = i1; i1 = i2; i2 = j; }
        if (d1 < d0) { float t = d0; d0 = d1; d1 = t; int j = i0; i0 = i1; i1 = j; }
    }
    candidates = uvec2(uint(i0) | uint(i1) << 8 | uint(i2) << 16 | uint(i3) << 24,
                       uint(i4) | uint(i5) << 8 | uint(i6) << 16 | uint(closest) << 24);
}
