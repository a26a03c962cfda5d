// Noise from integer hashes: the same on every driver, unlike hashes made of sines.

uint stir(uint n) { n ^= n >> 15; n *= 0x9e3779b1u; n ^= n >> 13; return n; }

float corner(uint n) { n ^= n >> 15; return float(int(n * 0x9e3779b1u)); }

// value noise, quintic, -1..1: one octave
float vnoise(vec2 x) {
    vec2 f = floor(x);
    uvec2 a = uvec2(ivec2(f)) * uvec2(0x8f1bbcdbu, 0xca62c1d7u);
    uvec2 b = a + uvec2(0x8f1bbcdbu, 0xca62c1d7u);
    f = x - f;
    f = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
    float lo = mix(corner(a.x ^ a.y), corner(b.x ^ a.y), f.x);
    float hi = mix(corner(a.x ^ b.y), corner(b.x ^ b.y), f.x);
    return mix(lo, hi, f.y) * 4.6566e-10;
}

// the same along a line: half an octave
float vnoise1(float x) {
    float f = floor(x);
    uint a = uint(int(f)) * 0x8f1bbcdbu;
    f = x - f;
    f = f * f * f * (f * (f * 6.0 - 15.0) + 10.0);
    return mix(corner(a), corner(a + 0x8f1bbcdbu), f) * 4.6566e-10;
}
