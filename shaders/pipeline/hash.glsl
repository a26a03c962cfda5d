// An integer hash: the same on every driver, unlike hashes made of sines.
// Constants from Wellons, "Prospecting for hash functions" (2018).
uint mixed_bits(uint x) {
    x ^= x >> 16; x *= 0x7feb352du;
    x ^= x >> 15; x *= 0x846ca68bu;
    return x ^ (x >> 16);
}

float hashed(uvec3 p) {
    return float(mixed_bits(p.x + mixed_bits(p.y + mixed_bits(p.z))) >> 8) / 16777216.0;
}
