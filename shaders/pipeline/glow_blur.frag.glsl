// One direction of a wide Gaussian over the small glow picture.
in vec2 uv;
uniform sampler2D source;
uniform vec2 direction;  // step in uv
out vec4 glow;

void main() {
    vec3 total = vec3(0.0);
    float weights = 0.0;
    for (int k = -8; k <= 8; k++) {
        float w = exp(-float(k * k) / 28.0);
        total += w * texture(source, uv + float(k) * direction).rgb;
        weights += w;
    }
    glow = vec4(total / weights, 1.0);
}
