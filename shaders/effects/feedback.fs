/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Feedback: what was bright stays behind, drawn slowly outwards and round, and cools as it goes. Video feedback in linear light: the brighter of now and a fading, turned, zoomed past (max of two pictures, so it is never brighter than the brightest thing that was there).",
  "CREDIT": "Performer",
  "CATEGORIES": ["Filter", "Trail", "Slow"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "IDENTITY": 0.0, "LABEL": "Amount: how much of the past is seen"},
    {"NAME": "reach", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Reach: how long light stays, from a quarter of a second to eight"},
    {"NAME": "fall", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.4, "LABEL": "Fall: into the depth, or out towards the eye"},
    {"NAME": "whirl", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.25, "LABEL": "Whirl: how the past turns round"},
    {"NAME": "cooling", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.3, "LABEL": "Cooling: the past turns blue, or red as an ember"}
  ],
  "PASSES": [
    {"TARGET": "past", "PERSISTENT": true, "FLOAT": true, "WIDTH": "max(1, floor($WIDTH / 2))", "HEIGHT": "max(1, floor($HEIGHT / 2))"},
    {}
  ]
}*/

// Light is the square of what is encoded: close to sRGB, its own exact inverse, and cheap.

float swing(float x) { x = fract(x) * 2.0 - 1.0; return 4.0 * x * (abs(x) - 1.0); }

void main() {
    vec4 now = IMG_THIS_PIXEL(inputImage);
    vec3 light = now.rgb * now.rgb;
    if (PASSINDEX == 0) {
        float asp = RENDERSIZE.x / RENDERSIZE.y, dt = clamp(TIMEDELTA, 0.0, 0.1);
        vec2 eye = vec2(0.05 * asp * swing(TIME / 47.0), 0.06 * swing(TIME / 61.0 + 0.3));
        vec2 p = (isf_FragNormCoord - 0.5) * vec2(asp, 1.0) - eye;
        float pull = fall * (0.8 + 0.2 * swing(TIME / 19.0));
        float a = whirl * 0.35 * dt * (1.0 + 0.35 * swing(TIME / 29.0));
        p = (p + vec2(-p.y, p.x) * a) * exp2(-0.45 * pull * dt) + eye;
        vec2 uv = p / vec2(asp, 1.0) + 0.5;
        vec3 old = IMG_NORM_PIXEL(past, uv).rgb;
        // beyond the frame there is nothing
        vec2 rim = smoothstep(0.0, 0.02, 0.5 - abs(uv - 0.5) + 0.019);
        old *= rim.x * rim.y * exp2(-dt * 4.0 * exp2(-5.0 * reach));
        // light goes from one colour to the next, none of it is made
        float c = 0.55 * cooling * dt;
        float gives = c > 0.0 ? c * old.r : c * old.b;
        old += gives * vec3(-1.0, 0.15, 0.85);
        // true lights leave a trail, dim air does not: the dark stays deep
        float y = dot(light, vec3(0.2126, 0.7152, 0.0722));
        gl_FragColor = vec4(max(light * (y / (y + 0.05)), clamp(old, 0.0, 1.0)), 1.0);
        return;
    }
    vec3 more = max(IMG_THIS_PIXEL(past).rgb - light, 0.0);
    gl_FragColor = vec4(sqrt(light + amount * more), now.a);
}
