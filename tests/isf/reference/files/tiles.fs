/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Patterns to choose from: whole numbers, truths, points in pixels.",
    "INPUTS": [
        {"NAME": "pattern", "TYPE": "long", "VALUES": [1, 2, 5, 7], "LABELS": ["checks", "columns", "rows", "steps"], "DEFAULT": 1},
        {"NAME": "count", "TYPE": "long", "MIN": 1, "MAX": 12, "DEFAULT": 4},
        {"NAME": "origin", "TYPE": "point2D", "MIN": [-20, -20], "MAX": [40, 30], "DEFAULT": [7, 3]},
        {"NAME": "negative", "TYPE": "bool", "DEFAULT": false},
        {"NAME": "flash", "TYPE": "event"},
        {"NAME": "gain", "TYPE": "float", "MIN": 0.0, "MAX": 2.0, "DEFAULT": 1.0, "IDENTITY": 1.0}
    ]
}*/
void main() {
    vec2 cell = floor((gl_FragCoord.xy - origin) * float(count) / 64.0);
    float lit = 0.0;
    if (pattern == 1) lit = mod(cell.x + cell.y, 2.0);
    else if (pattern == 2) lit = mod(cell.x, 2.0);
    else if (pattern == 5) lit = mod(cell.y, 3.0) / 2.0;
    else lit = fract((cell.x + 2.0 * cell.y) / 8.0);
    if (negative) lit = 1.0 - lit;
    lit *= gain * 0.5;
    gl_FragColor = vec4(lit, flash ? 1.0 : 0.25, float(pattern) / 8.0, float(count) / 12.0);
}
