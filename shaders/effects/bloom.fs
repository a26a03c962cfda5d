/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Bloom: lights give a part of themselves away to the dark around them, near and very far. A pyramid of five small pictures, down by boxes and up by tents (after Jimenez, Next Generation Post Processing in Call of Duty, 2014, and Bjorge, Bandwidth-Efficient Rendering, 2015); what is added around a light is taken from it: the sum of all light stays the same.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Filter", "Light"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "IDENTITY": 0.0, "LABEL": "Amount: how much light is given away"},
    {"NAME": "wide", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4, "LABEL": "Wide: close around a light, or a glow through all the air"},
    {"NAME": "source", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Source: everything shines, or true lights alone"}
  ],
  "PASSES": [
    {"TARGET": "first", "FLOAT": true, "WIDTH": "max(1, $WIDTH * max(0.25, min(1, 96 / $HEIGHT)))", "HEIGHT": "max($HEIGHT * 0.25, min($HEIGHT, 96))"},
    {"TARGET": "fine", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 96 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 96)"},
    {"TARGET": "small", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 48 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 48)"},
    {"TARGET": "smaller", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 24 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 24)"},
    {"TARGET": "least", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 12 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 12)"},
    {"TARGET": "up3", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 24 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 24)"},
    {"TARGET": "up2", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 48 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 48)"},
    {"TARGET": "up1", "FLOAT": true, "WIDTH": "max(1, $WIDTH * min(1, 96 / $HEIGHT))", "HEIGHT": "min($HEIGHT, 96)"},
    {}
  ]
}*/

// sRGB to light and back: a cubic, and its inverse by Newton, one step from a root
vec3 lin(vec3 c) { return c * (c * (c * 0.3053 + 0.6822) + 0.0125); }
vec3 enc(vec3 v) {
    vec3 c = sqrt(v);
    return c - (lin(c) - v) / (c * (c * 0.9159 + 1.3644) + 0.0125);
}

// what of a colour is light that can be given away
vec3 shine(vec3 c) {
    float y = dot(c, vec3(0.2126, 0.7152, 0.0722));
    return c * (y / (y + 0.004 + 0.16 * source * source));
}

// four reads: the corners of a box around here, d of this picture's pixels away
vec3 four(sampler2D of, float d) {
    vec2 e = d / RENDERSIZE, f = vec2(e.x, -e.y);
    return 0.25 * (IMG_NORM_PIXEL(of, isf_FragNormCoord + e).rgb + IMG_NORM_PIXEL(of, isf_FragNormCoord - e).rgb
                 + IMG_NORM_PIXEL(of, isf_FragNormCoord + f).rgb + IMG_NORM_PIXEL(of, isf_FragNormCoord - f).rgb);
}

void main() {
    vec4 w = mix(vec4(0.55, 0.27, 0.13, 0.05), vec4(0.08, 0.17, 0.30, 0.45), wide);   // sum 1
    vec3 c;
    if (PASSINDEX == 0) {
        vec2 e = 0.25 / RENDERSIZE, f = vec2(e.x, -e.y);
        c = 0.25 * (shine(lin(IMG_NORM_PIXEL(inputImage, isf_FragNormCoord + e).rgb))
                  + shine(lin(IMG_NORM_PIXEL(inputImage, isf_FragNormCoord - e).rgb))
                  + shine(lin(IMG_NORM_PIXEL(inputImage, isf_FragNormCoord + f).rgb))
                  + shine(lin(IMG_NORM_PIXEL(inputImage, isf_FragNormCoord - f).rgb)));
    }
    else if (PASSINDEX == 1) c = four(first, 0.25);
    else if (PASSINDEX == 2) c = four(fine, 0.5);
    else if (PASSINDEX == 3) c = four(small, 0.5);
    else if (PASSINDEX == 4) c = four(smaller, 0.5);
    else if (PASSINDEX == 5) c = w.z * four(smaller, 0.5) + w.w * four(least, 1.0);
    else if (PASSINDEX == 6) c = w.y * four(small, 0.5) + four(up3, 1.0);
    else if (PASSINDEX == 7) c = w.x * four(fine, 0.5) + four(up2, 1.0);
    else {
        vec4 now = IMG_THIS_PIXEL(inputImage);
        vec3 light = lin(now.rgb), give = shine(light), got = IMG_THIS_PIXEL(up1).rgb;
        vec3 v = max(light + 0.85 * amount * (got - give), 0.0);
        gl_FragColor = vec4(enc(v), now.a);
        return;
    }
    gl_FragColor = vec4(c, 1.0);
}
