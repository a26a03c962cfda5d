// The mean colour of each layer's tile, from 64 taps, smoothed over time. One pixel per person.
uniform sampler2D atlas;
uniform sampler2D before;
uniform ivec2 grid;       // tiles across and down
uniform vec2 tile;        // size of a tile in texels
uniform float keep;       // part of the old mean that stays
uniform sampler2D rows;   // people's rows; x of texel 2: 1 if the row is new
out vec4 mean_colour;

void main() {
    int i = int(gl_FragCoord.x);
    vec2 corner = vec2(i % grid.x, i / grid.x) * tile;
    vec3 total = vec3(0.0);
    for (int k = 0; k < 64; k++) {
        vec2 at = (vec2(k % 8, k / 8) + 0.5) / 8.0;
        total += texelFetch(atlas, ivec2(corner + at * tile), 0).rgb;
    }
    vec4 old = texelFetch(before, ivec2(i, 0), 0);
    float kept = texelFetch(rows, ivec2(2, i), 0).y > 0.5 ? 0.0 : keep * old.a;
    mean_colour = vec4(mix(total / 64.0, old.rgb, kept), 1.0);
}
