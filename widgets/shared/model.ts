/** The part of anywidget's model that the widgets use (anywidget.dev/en/afm). */

export type MessageHandler = (content: unknown, buffers?: DataView[]) => void;
type ChangeHandler = () => void;

/** A view of another widget, as the application makes it. */
export interface EmbeddedView {
  readonly el: HTMLElement;
  remove?(): void;
}

export interface WidgetModel {
  /** The application's own side of the model; JupyterLab and Notebook 7 give their kernel with it. */
  readonly widget_manager?: {
    readonly kernel?: {
      /** Such as "busy", "idle" or "dead". */
      readonly status?: string;
      readonly connectionStatus?: string;
      interrupt?(): Promise<void>;
    };
    get_model?(id: string): Promise<unknown>;
    create_view?(model: unknown): Promise<EmbeddedView>;
  };
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
  on(event: "msg:custom", handler: MessageHandler): void;
  /** Of ipywidgets: the connection to the kernel's side came or went. */
  on(event: "comm_live_update", handler: () => void): void;
  on(event: `change:${string}`, handler: ChangeHandler): void;
  off(event: "msg:custom", handler: MessageHandler): void;
  off(event: "comm_live_update", handler: () => void): void;
  off(event: `change:${string}`, handler: ChangeHandler): void;
}

export interface RenderProps {
  model: WidgetModel;
  el: HTMLElement;
}
