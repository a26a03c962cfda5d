// What was seen when a transition began, adrift: it goes on to move, ever so slowly, while it goes.
// A stream made of waves (the curl of a sum of sines): nothing piles up, nothing folds over itself,
// and it rests at the frame's edge, from where nothing can come in.
in vec2 uv;
uniform sampler2D held;  // encoded sRGB
uniform float since;     // s since it was seen
uniform float aspect;
out vec4 picture;

vec2 wave(vec2 p, vec2 k, float phase) {
    return vec2(k.y, -k.x) * cos(dot(k, p) + phase) * inversesqrt(dot(k, k));
}

void main() {
    vec2 p = (uv - 0.5) * vec2(aspect, 1.0);
    vec2 way = 0.42 * wave(p, vec2(5.1, 2.7), 0.170 * since + 0.4)
             + 0.31 * wave(p, vec2(-3.3, 7.9), 0.230 * since + 2.9)
             + 0.19 * wave(p, vec2(-10.7, -4.9), 0.310 * since + 4.4)
             + 0.12 * wave(p, vec2(6.1, -15.3), 0.410 * since + 1.3);
    float reach = 0.060 * since * since / (since * since + 150.0);  // heights; begins at rest
    vec2 room = smoothstep(0.0, 0.16, 0.5 - abs(uv - 0.5));
    vec2 come = reach * room.x * room.y * way;
    picture = texture(held, uv - come / vec2(aspect, 1.0));
}
