/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Drift: the hues of a picture come slowly apart, outwards from a middle that wanders, a few pixels at most. Lateral chromatic aberration of a simple lens: magnification by wavelength, growing with the square of the distance; five reads weighted like a small spectrum, so there is a fringe and not three pictures.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Filter", "Colour", "Slow"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "IDENTITY": 0.0, "LABEL": "Amount: how far apart"},
    {"NAME": "tide", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Tide: always apart, or coming and going"},
    {"NAME": "middle", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Middle: apart everywhere, or at the rim alone"},
    {"NAME": "twist", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.2, "LABEL": "Twist: apart sideways too"}
  ]
}*/

float swing(float x) { x = fract(x) * 2.0 - 1.0; return 4.0 * x * (abs(x) - 1.0); }

void main() {
    float asp = RENDERSIZE.x / RENDERSIZE.y;
    vec2 shape = vec2(asp, 1.0);
    vec2 eye = vec2(0.10 * asp * swing(TIME / 71.0), 0.10 * swing(TIME / 53.0 + 0.2));
    vec2 p = (isf_FragNormCoord - 0.5) * shape - eye;
    float far = length(p);
    float come = 1.0 - tide * (0.5 + 0.5 * swing(TIME / 27.0 + 0.25));
    vec2 d = (p + twist * vec2(-p.y, p.x)) * mix(1.0 / (0.35 + far), 1.8 * far, middle);
    d *= 0.020 * amount * come / shape;
    vec2 uv = isf_FragNormCoord;
    vec4 mid = IMG_NORM_PIXEL(inputImage, uv);
    vec2 warm = IMG_NORM_PIXEL(inputImage, uv - 0.5 * d).rg, cool = IMG_NORM_PIXEL(inputImage, uv + 0.5 * d).gb;
    float red = IMG_NORM_PIXEL(inputImage, uv - d).r, blue = IMG_NORM_PIXEL(inputImage, uv + d).b;
    // mixed as light
    vec3 v = vec3(warm.x * warm.x + red * red, mid.g * mid.g + 0.5 * (warm.y * warm.y + cool.x * cool.x),
                  cool.y * cool.y + blue * blue) * 0.5;
    gl_FragColor = vec4(sqrt(v), mid.a);
}
