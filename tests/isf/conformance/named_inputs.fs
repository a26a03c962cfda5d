/*{
    "ISFVSN": "2",
    "INPUTS": [
        {"NAME": "distance", "TYPE": "float", "DEFAULT": 0.125},
        {"NAME": "sample", "TYPE": "float", "DEFAULT": 0.25},
        {"NAME": "floor", "TYPE": "long", "DEFAULT": 3, "MAX": 9},
        {"NAME": "clamp", "TYPE": "bool", "DEFAULT": true},
        {"NAME": "max", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "min", "TYPE": "point2D", "DEFAULT": [0.25, 0.75]},
        {"NAME": "smooth", "TYPE": "bool", "DEFAULT": true},
        {"NAME": "active", "TYPE": "event"},
        {"NAME": "filter", "TYPE": "color", "DEFAULT": [0.1, 0.2, 0.3, 0.4]},
        {"NAME": "any", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "abs", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "textureLod", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "texelFetch", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "mix", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "pow", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "dot", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "step", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "greaterThan", "TYPE": "float", "DEFAULT": 0.5},
        {"NAME": "texture", "TYPE": "image"},
        {"NAME": "active_image", "TYPE": "image"}
    ],
    "PASSES": [{"TARGET": "output"}, {"TARGET": "buffer", "WIDTH": "$sample * 16", "HEIGHT": "$floor"}, {}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = vec4(distance, sample, float(floor) / 8.0, clamp ? 1.0 : 0.0);
    else if (PASSINDEX == 1) gl_FragColor = IMG_NORM_PIXEL(texture, isf_FragNormCoord);
    else {
        int column = int(gl_FragCoord.x);
        if (column == 0) gl_FragColor = IMG_THIS_PIXEL(output);
        else if (column == 1) gl_FragColor = vec4(max, min, smooth && !active ? 1.0 : 0.0);
        else if (column == 2) gl_FragColor = filter;
        else if (column == 3) gl_FragColor = vec4(IMG_SIZE(buffer) / 8.0, any * abs * 2.0, textureLod + texelFetch);
        else if (column == 4) gl_FragColor = vec4(mix, pow + dot, step * greaterThan, 1.0);
        else gl_FragColor = texture2D(texture, isf_FragNormCoord) + IMG_THIS_PIXEL(buffer) * 0.0;
    }
}
