/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Lens: an eye of clear water lies on the picture and breathes; through it things are nearer, around it they lose their focus. Magnification that falls off as (1 - r^2)^2, so that neither it nor its slope has an edge; a shape between circle and almond; three reads for the colours that a thick lens bends differently; a limbus and a soft caustic that only weigh the light that is there; Kawase blur in a small picture.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Filter", "Distortion", "Slow"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.65, "IDENTITY": 0.0, "LABEL": "Amount: how thick the lens is"},
    {"NAME": "size", "TYPE": "float", "MIN": 0.1, "MAX": 1.2, "DEFAULT": 0.78, "LABEL": "Size: its height, in heights of the picture"},
    {"NAME": "lids", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55, "LABEL": "Lids: a round drop, or an eye"},
    {"NAME": "swell", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Swell: how deep it breathes"},
    {"NAME": "gaze", "TYPE": "point2D", "MIN": [0.0, 0.0], "MAX": [1.0, 1.0], "DEFAULT": [0.5, 0.5], "LABEL": "Gaze: where it looks from"}
  ],
  "PASSES": [
    {"TARGET": "some", "FLOAT": true, "WIDTH": "max(1, $WIDTH * max(0.25, min(1, 96 / $HEIGHT)))", "HEIGHT": "max($HEIGHT * 0.25, min($HEIGHT, 96))"},
    {"TARGET": "soft", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 96 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 96)"},
    {}
  ]
}*/

float swing(float x) { x = fract(x) * 2.0 - 1.0; return 4.0 * x * (abs(x) - 1.0); }

vec3 sq(vec4 c) { return c.rgb * c.rgb; }

vec3 four(sampler2D of, vec2 e, bool squared) {
    vec2 f = vec2(e.x, -e.y), uv = isf_FragNormCoord;
    vec4 a = IMG_NORM_PIXEL(of, uv + e), b = IMG_NORM_PIXEL(of, uv - e);
    vec4 c = IMG_NORM_PIXEL(of, uv + f), d = IMG_NORM_PIXEL(of, uv - f);
    return 0.25 * (squared ? sq(a) + sq(b) + sq(c) + sq(d) : (a + b + c + d).rgb);
}

void main() {
    float asp = RENDERSIZE.x / RENDERSIZE.y;
    vec2 shape = vec2(asp, 1.0);
    if (PASSINDEX == 0) { gl_FragColor = vec4(four(inputImage, 0.006 / shape, true), 1.0); return; }
    if (PASSINDEX == 1) { gl_FragColor = vec4(four(some, 0.013 / shape, false), 1.0); return; }

    vec2 at = (gaze - 0.5) * shape + vec2(0.030 * swing(TIME / 37.0), 0.018 * swing(TIME / 29.0 + 0.4));
    vec2 d = (isf_FragNormCoord - 0.5) * shape - at;
    float full = 0.5 + 0.5 * swing(TIME / 9.0);                            // a breath
    full = full * full * (3.0 - 2.0 * full);
    float r0 = 0.5 * size * (1.0 + 0.10 * swell * (full - 0.5));
    vec2 e = d / (r0 * vec2(1.0 + 0.75 * lids, 1.0));
    float corner = e.x * e.x;
    float open = (1.0 - lids * (0.62 - 0.10 * swell * (full - 0.5)) * corner / (0.35 + 0.65 * corner));
    float r2 = corner + e.y * e.y / (open * open);

    float in_ = max(1.0 - r2, 0.0);
    float thick = in_ * in_;
    float bend = amount * (0.74 + 0.24 * swell * (full - 0.5));
    vec2 uv = isf_FragNormCoord, pull = d * thick * bend / shape;
    vec4 mid = IMG_NORM_PIXEL(inputImage, uv - pull);
    float red = IMG_NORM_PIXEL(inputImage, uv - pull * 0.965).r;
    float blue = IMG_NORM_PIXEL(inputImage, uv - pull * 1.035).b;
    vec3 light = vec3(red * red, mid.g * mid.g, blue * blue);

    // around it the picture is out of focus and in the shade of the lids
    float out_ = smoothstep(0.55, 1.9, r2);
    light = mix(light, IMG_THIS_PIXEL(soft).rgb, amount * 0.9 * out_);
    float shade = 0.34 * smoothstep(0.8, 5.0, r2);
    float limbus = r2 * exp(1.0 - r2);                                     // a ring, 1 at r2 = 1
    limbus = limbus * limbus * limbus;
    float caustic = limbus * (0.5 - 0.5 * e.y * inversesqrt(0.3 + dot(e, e)));   // light from above lands below
    float gain = 1.0 - shade - 0.34 * limbus + 0.42 * caustic * caustic + 0.10 * thick;
    gl_FragColor = vec4(sqrt(light * mix(1.0, gain, amount)), mid.a);
}
