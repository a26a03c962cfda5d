/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Blur: a picture as one sees it when falling asleep. Soft focus: a sharp picture seen through its own wide one (Kawase: Frame Buffer Postprocessing Effects, 2003, five passes in small picture), where brighter light weighs more, so that a lamp stays a disc and does not wash out, and the cores of highlights keep their shape.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Filter", "Blur"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "IDENTITY": 0.0, "LABEL": "Amount: how much of the soft picture is seen"},
    {"NAME": "sleep", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.45, "LABEL": "Sleep: how wide it is blurred"},
    {"NAME": "glints", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Glints: how well highlights keep their shape"},
    {"NAME": "clear", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.3, "LABEL": "Clear: how awake the middle is"}
  ],
  "PASSES": [
    {"TARGET": "a", "FLOAT": true, "WIDTH": "max(1, $WIDTH * max(0.25, min(1, 108 / $HEIGHT)))", "HEIGHT": "max($HEIGHT * 0.25, min($HEIGHT, 108))"},
    {"TARGET": "b", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 108 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 108)"},
    {"TARGET": "c", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 108 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 108)"},
    {"TARGET": "d", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 108 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 108)"},
    {"TARGET": "soft", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 108 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 108)"},
    {}
  ]
}*/

float lum(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

// light and its weight
vec4 heavy(vec4 c) {
    c.rgb *= c.rgb;
    float w = 0.06 + 2.2 * glints * lum(c.rgb);
    return vec4(c.rgb * w, w);
}

vec4 four(sampler2D of, float d) {
    vec2 e = d * vec2(RENDERSIZE.y / RENDERSIZE.x, 1.0), f = vec2(e.x, -e.y), uv = isf_FragNormCoord;
    return 0.25 * (IMG_NORM_PIXEL(of, uv + e) + IMG_NORM_PIXEL(of, uv - e)
                 + IMG_NORM_PIXEL(of, uv + f) + IMG_NORM_PIXEL(of, uv - f));
}

void main() {
    vec2 uv = isf_FragNormCoord;
    float unit = 0.0012 + 0.0085 * sleep;                                 // in heights
    if (PASSINDEX == 0) {
        vec2 e = 0.25 / RENDERSIZE, f = vec2(e.x, -e.y);
        gl_FragColor = 0.25 * (heavy(IMG_NORM_PIXEL(inputImage, uv + e)) + heavy(IMG_NORM_PIXEL(inputImage, uv - e))
                             + heavy(IMG_NORM_PIXEL(inputImage, uv + f)) + heavy(IMG_NORM_PIXEL(inputImage, uv - f)));
    }
    else if (PASSINDEX == 1) gl_FragColor = four(a, 0.7 * unit);
    else if (PASSINDEX == 2) gl_FragColor = four(b, 1.5 * unit);
    else if (PASSINDEX == 3) gl_FragColor = four(c, 2.5 * unit);
    else if (PASSINDEX == 4) {
        vec4 sum = four(d, unit);
        gl_FragColor = vec4(sum.rgb / sum.a, 1.0);
    }
    else {
        vec4 now = IMG_THIS_PIXEL(inputImage);
        vec3 light = now.rgb * now.rgb, wide = IMG_THIS_PIXEL(soft).rgb;
        float y = lum(light), core = y / (y + lum(wide) + 0.02);
        core = glints * smoothstep(0.5, 0.85, core);
        vec2 p = (uv - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
        float awake = clear / (1.0 + 9.0 * dot(p, p) + 60.0 * dot(p, p) * dot(p, p));
        float m = amount * (1.0 - core) * (1.0 - awake);
        gl_FragColor = vec4(sqrt(mix(light, wide, m)), now.a);
    }
}
