/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Echo: bright moments stay behind as pale prints, three of them, each fainter and further away than the one after it. Chronophotography (Marey, 1882): every so many seconds one of three prints is taken; it comes and goes on a smooth curve, drifts off, and is seen only where the past was brighter (max in light: never brighter than what was there).",
  "CREDIT": "Performer",
  "CATEGORIES": ["Filter", "Trail", "Slow"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.75, "IDENTITY": 0.0, "LABEL": "Amount: how strong the prints are"},
    {"NAME": "delay", "TYPE": "float", "MIN": 2.0, "MAX": 12.0, "DEFAULT": 3.0, "LABEL": "Delay: seconds from print to print"},
    {"NAME": "decay", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Decay: how soon they pale"},
    {"NAME": "recede", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.45, "LABEL": "Recede: the past comes nearer, or goes away"},
    {"NAME": "lights", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Lights: all that was brighter, or true lights alone"}
  ],
  "PASSES": [
    {"TARGET": "clock", "PERSISTENT": true, "FLOAT": true, "WIDTH": 1, "HEIGHT": 1},
    {"TARGET": "one", "PERSISTENT": true, "WIDTH": "max(1, $WIDTH * max(0.3333, min(1, 120 / $HEIGHT)))", "HEIGHT": "max($HEIGHT * 0.3333, min($HEIGHT, 120))"},
    {"TARGET": "two", "PERSISTENT": true, "WIDTH": "max(1, $WIDTH * max(0.3333, min(1, 120 / $HEIGHT)))", "HEIGHT": "max($HEIGHT * 0.3333, min($HEIGHT, 120))"},
    {"TARGET": "three", "PERSISTENT": true, "WIDTH": "max(1, $WIDTH * max(0.3333, min(1, 120 / $HEIGHT)))", "HEIGHT": "max($HEIGHT * 0.3333, min($HEIGHT, 120))"},
    {}
  ]
}*/

// The clock counts in delays, so that it goes on steadily whatever is done to `delay`: x is the age
// of print one, 0 when taken, 3 at its end; the others are one and two delays further. y is how much
// older it is than a frame ago; a print is taken once or twice, while it is not seen yet. Prints are kept as they are encoded: a copy of a copy loses nothing.

float swing(float x) { x = fract(x) * 2.0 - 1.0; return 4.0 * x * (abs(x) - 1.0); }

// the print as it was, or taken anew
vec4 kept(sampler2D print, float place) {
    vec2 clk = IMG_NORM_PIXEL(clock, vec2(0.5)).xy;
    vec4 now = IMG_THIS_PIXEL(inputImage), old = IMG_THIS_PIXEL(print);
    return mod(clk.x + place, 3.0) < 1.5 * clk.y ? now : old;
}

// light of a print as it is seen at an age
vec3 seen(sampler2D print, float age) {
    vec2 shape = vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0), p = (isf_FragNormCoord - 0.5) * shape;
    float gone = age / 3.0;
    p -= gone * 0.16 * vec2(swing(TIME / 83.0), swing(TIME / 67.0 + 0.25));
    vec2 uv = 0.5 + p * exp2(1.0 * recede * gone) / shape;
    vec2 rim = smoothstep(0.0, 0.10, 0.5 - abs(uv - 0.5));
    vec3 c = IMG_NORM_PIXEL(print, uv).rgb;
    c *= c;
    float y = dot(c, vec3(0.2126, 0.7152, 0.0722));
    float w = smoothstep(0.0, 0.7, age) * (1.0 - smoothstep(1.6, 2.97, age)) * exp2(-1.4 * decay * age);
    return c * (w * rim.x * rim.y * y / (y + 0.12 * lights * lights + 1e-4));
}

void main() {
    if (PASSINDEX == 0) {
        float go = clamp(TIMEDELTA, 0.0, 0.1) / delay;
        float age = FRAMEINDEX == 0 ? 0.0 : mod(IMG_NORM_PIXEL(clock, vec2(0.5)).x + go, 3.0);
        gl_FragColor = vec4(age, max(go, 1e-6), 0.0, 1.0);
    }
    else if (PASSINDEX == 1) gl_FragColor = kept(one, 0.0);
    else if (PASSINDEX == 2) gl_FragColor = kept(two, 1.0);
    else if (PASSINDEX == 3) gl_FragColor = kept(three, 2.0);
    else {
        vec4 now = IMG_THIS_PIXEL(inputImage);
        vec3 light = now.rgb * now.rgb;
        float age = IMG_NORM_PIXEL(clock, vec2(0.5)).x;
        vec3 was = seen(one, age);
        was = max(was, seen(two, mod(age + 1.0, 3.0)));
        was = max(was, seen(three, mod(age + 2.0, 3.0)));
        gl_FragColor = vec4(sqrt(light + amount * max(was - light, 0.0)), now.a);
    }
}
